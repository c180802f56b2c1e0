import { basename } from 'node:path';
import type { CallExpression, NewExpression } from 'oxc-parser';
import type { Finding } from '../finding.ts';
import { lineAt } from '../finding.ts';
import { isTest, isTypeScript } from '../source-file.ts';
import type { SourceFile } from '../source-file.ts';
import { visitFile } from '../syntax.ts';

const ambient = new Set(['Date.now', 'Math.random', 'performance.now', 'crypto.randomUUID', 'randomUUID']);

/** Clocks, and programs that run once and are not called `main.ts`. */
const sources = new Set([
  'kit/clock.ts',
  'edge/edge-clock.ts',
  'control/migrate.ts',
  'control/create-administrator.ts',
]);

/**
 * Refuses reading the clock and drawing random numbers on the side: both come in as arguments, so that a test decides
 * them. The programs' `main.ts` and `kit/clock.ts` are where they come from. Keys and salts come from `node:crypto`.
 */
export function checkAmbientInput(files: readonly SourceFile[]): readonly Finding[] {
  return files.filter((file) => isTypeScript(file.path) && !mayRead(file.path)).flatMap(readings);
}

function mayRead(path: string): boolean {
  const isSource = sources.has(path) || basename(path) === 'main.ts';
  return isSource || isTest(path) || /^(?:tools|bench)\//u.test(path);
}

function readings(file: SourceFile): readonly Finding[] {
  const findings: Finding[] = [];
  const judge = (node: CallExpression | NewExpression): void => {
    const callee = file.text.slice(node.callee.start, node.callee.end).replace(/^globalThis\./u, '');
    const isNow = node.type === 'NewExpression' && callee === 'Date' && node.arguments.length === 0;
    if (!isNow && !ambient.has(callee)) return;
    const message = `reads ${callee} on the side; take a clock or a source of randomness as an argument`;
    findings.push({ rule: 'ambient-input', path: file.path, line: lineAt(file.text, node.start), message });
  };
  visitFile(file, { CallExpression: judge, NewExpression: judge });
  return findings;
}
