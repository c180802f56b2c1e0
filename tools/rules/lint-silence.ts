import type { Finding } from '../finding.ts';
import { lineAt } from '../finding.ts';
import { isTypeScript } from '../source-file.ts';
import type { SourceFile } from '../source-file.ts';
import { parseFile } from '../syntax.ts';

const silence = /^[\s*]*(?:oxlint|eslint)-disable/u;

/** Refuses comments that silence lint for a whole file, for every rule, or without a reason after `--`. */
export function checkLintSilence(files: readonly SourceFile[]): readonly Finding[] {
  return files
    .filter((file) => isTypeScript(file.path))
    .flatMap((file) =>
      parseFile(file).comments.flatMap(({ value, start }) => {
        const isNarrow = /^[\s*]*oxlint-disable-(?:next-)?line\s+[\w/-]+(?:,\s*[\w/-]+)*\s+--\s+\S/u.test(value);
        if (!silence.test(value) || isNarrow) return [];
        const message = 'silences lint; name one line, the rule, and the reason after --';
        return [{ rule: 'lint-silence', path: file.path, line: lineAt(file.text, start), message }];
      }),
    );
}
