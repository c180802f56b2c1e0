import type { Finding } from '../finding.ts';
import { lineAt } from '../finding.ts';
import { isTypeScript } from '../source-file.ts';
import type { SourceFile } from '../source-file.ts';
import { parseFile } from '../syntax.ts';

const openEnd = /\b(?:TODO|FIXME|XXX|HACK)\b/u;

/** Refuses comments that put something off: what is left to do is an issue, where somebody sees it. */
export function checkOpenEnds(files: readonly SourceFile[]): readonly Finding[] {
  return files
    .filter((file) => isTypeScript(file.path))
    .flatMap((file) =>
      parseFile(file).comments.flatMap(({ value, start }) => {
        const word = openEnd.exec(value)?.[0];
        if (word === undefined) return [];
        const message = `puts something off with ${word}; do it, or open an issue`;
        return [{ rule: 'open-ends', path: file.path, line: lineAt(file.text, start), message }];
      }),
    );
}
