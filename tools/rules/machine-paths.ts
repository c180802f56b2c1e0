import type { Finding } from '../finding.ts';
import { lineAt } from '../finding.ts';
import type { SourceFile } from '../source-file.ts';

const machinePath = /(?<![\w.}$])\/(?:work|root|home)\/[\w.]/gu;

/** Refuses absolute paths into somebody's machine, which work for nobody else. */
export function checkMachinePaths(files: readonly SourceFile[]): readonly Finding[] {
  return files.flatMap((file) =>
    [...file.text.matchAll(machinePath)].map((match) => ({
      rule: 'machine-paths',
      path: file.path,
      line: lineAt(file.text, match.index),
      message: `names a path of one machine, ${match[0]}…; find it from the file's own place or take it as an argument`,
    })),
  );
}
