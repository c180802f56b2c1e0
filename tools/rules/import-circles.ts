import { posix } from 'node:path';
import type { Finding } from '../finding.ts';
import { isTypeScript } from '../source-file.ts';
import type { SourceFile } from '../source-file.ts';
import { listImports } from '../syntax.ts';

/** Refuses circles of imports, those of types included: files that need each other are one file or want a third. */
export function checkImportCircles(files: readonly SourceFile[]): readonly Finding[] {
  const edges = new Map(files.filter((file) => isTypeScript(file.path)).map((file) => [file.path, targetsOf(file)]));
  const findings: Finding[] = [];
  const finished = new Set<string>();
  const trail: string[] = [];

  const walk = (path: string): void => {
    const start = trail.indexOf(path);
    if (start !== -1) {
      const circle = [...trail.slice(start), path].join(' → ');
      findings.push({ rule: 'import-circles', path, line: 0, message: `imports itself: ${circle}` });
      return;
    }
    if (finished.has(path)) return;
    trail.push(path);
    for (const target of edges.get(path) ?? []) walk(target);
    trail.pop();
    finished.add(path);
  };

  for (const path of edges.keys()) walk(path);
  return findings;
}

function targetsOf(file: SourceFile): readonly string[] {
  return listImports(file).flatMap(({ specifier }) => {
    if (specifier === undefined) return [];
    if (specifier.startsWith('@ringfort/')) return [specifier.slice('@ringfort/'.length)];
    return specifier.startsWith('.') ? [posix.join(posix.dirname(file.path), specifier)] : [];
  });
}
