import type { AllowedCast } from '../allowed-casts.ts';
import { allowedCasts } from '../allowed-casts.ts';
import type { Finding } from '../finding.ts';
import { lineAt } from '../finding.ts';
import { isTypeScript } from '../source-file.ts';
import type { SourceFile } from '../source-file.ts';
import { visitFile } from '../syntax.ts';

/** Refuses casts other than `as const` outside the functions of `tools/allowed-casts.ts`, and entries without a cast. */
export function checkCasts(
  files: readonly SourceFile[],
  allowed: readonly AllowedCast[] = allowedCasts,
): readonly Finding[] {
  const typeScript = files.filter((file) => isTypeScript(file.path));
  const casts = typeScript.flatMap((file) => listCasts(file));
  const isAllowed = (cast: Cast): boolean =>
    allowed.some((entry) => entry.path === cast.file.path && cast.functions.includes(entry.name));
  const refused = casts.filter((cast) => !isAllowed(cast)).map(refuseCast);
  const stale = allowed
    .filter(({ path, name }) => !casts.some((cast) => cast.file.path === path && cast.functions.includes(name)))
    .map(({ path, name }) => finding('tools/allowed-casts.ts', 0, `${path} has no cast in ${name}; remove the entry`));
  return [...refused, ...stale];
}

type Cast = { readonly file: SourceFile; readonly offset: number; readonly functions: readonly string[] };

function listCasts(file: SourceFile): readonly Cast[] {
  const casts: Cast[] = [];
  const functions: string[] = [];
  const enter = (name: string | undefined): void => void functions.push(name ?? '');
  const leave = (): void => void functions.pop();
  visitFile(file, {
    FunctionDeclaration: (node) => enter(node.id?.name),
    'FunctionDeclaration:exit': leave,
    VariableDeclarator: (node) => enter(node.id.type === 'Identifier' ? node.id.name : undefined),
    'VariableDeclarator:exit': leave,
    MethodDefinition: (node) => enter(node.key.type === 'Identifier' ? node.key.name : undefined),
    'MethodDefinition:exit': leave,
    TSAsExpression: (node) => {
      const isConst = file.text.slice(node.typeAnnotation.start, node.typeAnnotation.end) === 'const';
      if (!isConst) casts.push({ file, offset: node.start, functions: [...functions] });
    },
    TSTypeAssertion: (node) => casts.push({ file, offset: node.start, functions: [...functions] }),
  });
  return casts;
}

function refuseCast({ file, offset }: Cast): Finding {
  const message = 'casts; parse the value, or put the cast in a named function and list it in tools/allowed-casts.ts';
  return finding(file.path, lineAt(file.text, offset), message);
}

function finding(path: string, line: number, message: string): Finding {
  return { rule: 'casts', path, line, message };
}
