import { basename } from 'node:path';
import type { Finding } from '../finding.ts';
import { lineAt } from '../finding.ts';
import { isTest, isTypeScript } from '../source-file.ts';
import type { SourceFile } from '../source-file.ts';
import { visitFile } from '../syntax.ts';

/** Each says enough to tell a statement from an English sentence that begins with the same word. */
const statements: readonly RegExp[] = [
  /^\s*select\s+(?:distinct\s+)?[^\s,]+(?:,|\s+as\s|\s+from\s)/u,
  /^\s*select\s+\w+\(/u,
  /^\s*insert\s+into\s+[\w"]/u,
  /^\s*update\s+[\w".]+\s+set\s+\w+\s*=/u,
  /^\s*delete\s+from\s+[\w"]/u,
  /^\s*with\s+\w+\s+as\s*\(/u,
  /^\s*(?:create|alter|drop)\s+(?:table|index|role|user|database|schema|policy|function|trigger|extension|view)\s/u,
  /^\s*(?:grant|revoke)\s.*\son\s.*\s(?:to|from)\s/su,
  /^\s*truncate\s+(?:table\s+)?[a-z_"]+\s*(?:$|;|,|cascade)/u,
  /^\s*set\s+(?:local\s+)?(?:role|session|search_path|statement_timeout)\b/u,
];
const capitals = statements.map(
  (pattern) => new RegExp(pattern.source.replaceAll(/\\.|[a-z]/gu, upper), pattern.flags),
);

/** Refuses SQL outside `store.ts`, `control/db/` and tests, and keywords in capitals anywhere. */
export function checkSqlPlaces(files: readonly SourceFile[]): readonly Finding[] {
  const migrations = files.filter((file) => file.path.endsWith('.sql'));
  return [...files.filter((file) => isTypeScript(file.path)).flatMap(statementsIn), ...migrations.flatMap(capitalsIn)];
}

function statementsIn(file: SourceFile): readonly Finding[] {
  const findings: Finding[] = [];
  const judge = (text: string, offset: number): void => {
    const isCapital = capitals.some((pattern) => pattern.test(text));
    if (!isCapital && !statements.some((pattern) => pattern.test(text))) return;
    const line = lineAt(file.text, offset);
    if (isCapital) findings.push(finding(file, line, 'writes SQL in capitals'));
    if (!mayHoldSql(file.path)) findings.push(finding(file, line, 'holds SQL; move it to the store.ts of its feature'));
  };
  visitFile(file, {
    Literal: (node) => {
      if (typeof node.value === 'string') judge(node.value, node.start);
    },
    TemplateLiteral: (node) => judge(node.quasis.map((part) => part.value.cooked ?? '').join('x'), node.start),
  });
  return findings;
}

function capitalsIn(file: SourceFile): readonly Finding[] {
  const words = [
    ...file.text
      .replaceAll(/--.*$/gmu, '')
      .matchAll(/^\s*(?:SELECT|INSERT|UPDATE|DELETE|CREATE|ALTER|DROP|GRANT)\s/gmu),
  ];
  return words.slice(0, 1).map((word) => finding(file, lineAt(file.text, word.index), 'writes SQL in capitals'));
}

/** The set-up acts as the owner of the database; the agent writes what a service of an application runs at its start. */
const furtherPlaces = ['control/db/', 'control/setup/', 'control/jobs/install-queues.ts', 'agent/plan/mysql-init.ts'];

function mayHoldSql(path: string): boolean {
  return basename(path) === 'store.ts' || furtherPlaces.some((place) => path.startsWith(place)) || isTest(path);
}

function finding(file: SourceFile, line: number, message: string): Finding {
  return { rule: 'sql-places', path: file.path, line, message };
}

function upper(part: string): string {
  return part.startsWith('\\') ? part : part.toUpperCase();
}
