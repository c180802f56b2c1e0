import type { Finding } from '../finding.ts';
import { lineAt } from '../finding.ts';
import type { SourceFile } from '../source-file.ts';

const variable = /\bRINGFORT_[A-Z][A-Z0-9_]*\b/gu;
const page = 'docs/configuration.md';

/** Holds `docs/configuration.md` and the code to the same list of `RINGFORT_…` variables, in both directions. */
export function checkDocumentedVariables(files: readonly SourceFile[]): readonly Finding[] {
  const documented = new Map(files.filter((file) => file.path === page).flatMap(mentions));
  const used = new Map(files.filter((file) => isCode(file.path)).flatMap(mentions));
  const missing = [...used].filter(([name]) => !documented.has(name));
  const stale = [...documented].filter(([name]) => !used.has(name));
  return [
    ...missing.map(([name, place]) => finding(place, `reads ${name}, which ${page} does not explain`)),
    ...stale.map(([name, place]) => finding(place, `explains ${name}, which nothing reads`)),
  ];
}

type Place = { readonly file: SourceFile; readonly offset: number };

function isCode(path: string): boolean {
  return /\.(?:tsx?|sh)$|^ringfort$|^\.ci\/run$/u.test(path) && !path.startsWith('tools/rules/');
}

function mentions(file: SourceFile): readonly (readonly [string, Place])[] {
  return [...file.text.matchAll(variable)].map((match) => [match[0], { file, offset: match.index }] as const);
}

function finding({ file, offset }: Place, message: string): Finding {
  return { rule: 'documented-variables', path: file.path, line: lineAt(file.text, offset), message };
}
