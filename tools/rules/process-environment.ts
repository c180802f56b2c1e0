import { basename } from 'node:path';
import type { Expression, ImportDeclarationSpecifier, MemberExpression } from 'oxc-parser';
import type { Finding } from '../finding.ts';
import { lineAt } from '../finding.ts';
import { isTest, isTypeScript } from '../source-file.ts';
import type { SourceFile } from '../source-file.ts';
import { keyName, visitFile } from '../syntax.ts';

/** Refuses `process.env` outside `main.ts` and `config.ts`: what depends on the environment takes it as an argument. */
export function checkProcessEnvironment(files: readonly SourceFile[]): readonly Finding[] {
  return files.filter((file) => isTypeScript(file.path) && !mayRead(file.path)).flatMap(readings);
}

function mayRead(path: string): boolean {
  return ['main.ts', 'config.ts'].includes(basename(path)) || isTest(path) || path.startsWith('tools/');
}

function readings(file: SourceFile): readonly Finding[] {
  const findings: Finding[] = [];
  const fromProcess = new Set<ImportDeclarationSpecifier>();
  const refuse = (offset: number): void => {
    const message = 'reads process.env; only main.ts and config.ts may';
    findings.push({ rule: 'process-environment', path: file.path, line: lineAt(file.text, offset), message });
  };
  visitFile(file, {
    MemberExpression: (node) => {
      if (isProcess(node.object) && memberName(node) === 'env') refuse(node.start);
    },
    VariableDeclarator: (node) => {
      if (node.id.type !== 'ObjectPattern' || node.init === null || !isProcess(node.init)) return;
      const names = node.id.properties.map((part) => (part.type === 'Property' ? keyName(part.key) : undefined));
      if (names.includes('env')) refuse(node.start);
    },
    ImportSpecifier: (node) => {
      const isEnv = node.imported.type === 'Identifier' && node.imported.name === 'env';
      if (isEnv && fromProcess.has(node)) refuse(node.start);
    },
    ImportDeclaration: (node) => {
      if (node.source.value !== 'node:process') return;
      for (const part of node.specifiers) fromProcess.add(part);
    },
  });
  return findings;
}

function isProcess(node: Expression): boolean {
  if (node.type === 'Identifier') return node.name === 'process';
  return node.type === 'MemberExpression' && memberName(node) === 'process';
}

function memberName(node: MemberExpression): string | undefined {
  if (node.property.type === 'Identifier') return node.property.name;
  return node.property.type === 'Literal' ? String(node.property.value) : undefined;
}
