import type { Finding } from '../finding.ts';
import { lineAt } from '../finding.ts';
import { isTypeScript } from '../source-file.ts';
import type { SourceFile } from '../source-file.ts';
import { keyName, visitFile } from '../syntax.ts';

const processModules = new Set(['node:child_process', 'child_process']);
const shellFunctions = new Set(['exec', 'execSync']);
const shell = /^(?:.*\/)?(?:ba|da|z|k)?sh$/u;

/**
 * Refuses everything that hands a string to a shell of ours: `exec`, `execSync`, the option `shell`, `sh -c`. What a
 * tenant's build runs inside its container is no program of ours.
 */
export function checkShellStrings(files: readonly SourceFile[]): readonly Finding[] {
  return files.filter((file) => isTypeScript(file.path)).flatMap(shellUses);
}

function shellUses(file: SourceFile): readonly Finding[] {
  const findings: Finding[] = [];
  const refuse = (offset: number, what: string): void => {
    const message = `${what}; start programs with execFile or spawn and an array of arguments`;
    findings.push({ rule: 'shell-strings', path: file.path, line: lineAt(file.text, offset), message });
  };
  visitFile(file, {
    ImportDeclaration: (node) => {
      if (!processModules.has(node.source.value)) return;
      for (const part of node.specifiers) {
        if (part.type !== 'ImportSpecifier') refuse(part.start, 'imports child_process as a whole');
        else if (part.imported.type === 'Identifier' && shellFunctions.has(part.imported.name)) {
          refuse(part.start, `imports ${part.imported.name}`);
        }
      }
    },
    ImportExpression: (node) => {
      const isProcess = node.source.type === 'Literal' && processModules.has(String(node.source.value));
      if (isProcess) refuse(node.start, 'imports child_process as a whole');
    },
    CallExpression: (node) => {
      const [program, list] = node.arguments;
      if (program?.type !== 'Literal' || !shell.test(String(program.value)) || list?.type !== 'ArrayExpression') return;
      const isLine = list.elements.some((part) => part?.type === 'Literal' && /^-\w*c$/u.test(String(part.value)));
      if (isLine) refuse(node.start, 'starts a shell with a line to run');
    },
    Property: (node) => {
      const isShell = keyName(node.key) === 'shell';
      if (isShell && !(node.value.type === 'Literal' && node.value.value === false)) refuse(node.start, 'sets shell');
    },
  });
  return findings;
}
