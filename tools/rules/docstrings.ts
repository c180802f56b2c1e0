import type { Declaration } from 'oxc-parser';
import type { Finding } from '../finding.ts';
import { lineAt } from '../finding.ts';
import { isTest, isTypeScript } from '../source-file.ts';
import type { SourceFile } from '../source-file.ts';
import { parseFile, visitFile } from '../syntax.ts';

/** Refuses exported functions without a docstring, written as the lines above them that begin with two stars. */
export function checkDocstrings(files: readonly SourceFile[]): readonly Finding[] {
  return files.filter((file) => isTypeScript(file.path) && !isTest(file.path)).flatMap(undocumented);
}

function undocumented(file: SourceFile): readonly Finding[] {
  const findings: Finding[] = [];
  const docs = parseFile(file).comments.filter((comment) => comment.type === 'Block' && comment.value.startsWith('*'));
  visitFile(file, {
    ExportNamedDeclaration: ({ declaration, start }) => {
      const name = declaration === null ? undefined : functionName(declaration);
      if (name === undefined || docs.some((doc) => doc.end <= start && isBlank(file.text.slice(doc.end, start))))
        return;
      const message = `exports ${name}() without a docstring; say why it is there, its units and its errors`;
      findings.push({ rule: 'docstrings', path: file.path, line: lineAt(file.text, start), message });
    },
  });
  return findings;
}

function functionName(declaration: Declaration): string | undefined {
  if (declaration.type === 'FunctionDeclaration') return declaration.id?.name;
  if (declaration.type !== 'VariableDeclaration') return undefined;
  const first = declaration.declarations[0];
  const isFunction = first?.init?.type === 'ArrowFunctionExpression' || first?.init?.type === 'FunctionExpression';
  return isFunction && first.id.type === 'Identifier' ? first.id.name : undefined;
}

/** A comment for the linter may stand between the docstring and the function. */
function isBlank(between: string): boolean {
  return between.replaceAll(/\/\/.*$/gmu, '').trim() === '';
}
