import type { Finding } from '../finding.ts';
import { isTypeScript } from '../source-file.ts';
import type { SourceFile } from '../source-file.ts';

/** The longest a file may be, in lines. */
const linesMax = 400;

/** What the median file stays under, in lines. */
const medianLinesMax = 90;

/** Refuses files of more than 400 lines, and a project whose median file has 90 or more. */
export function checkFileSize(files: readonly SourceFile[]): readonly Finding[] {
  const long = files
    .filter((file) => isTypeScript(file.path) && countLines(file.text) > linesMax)
    .map((file) => finding(file.path, `has ${countLines(file.text)} lines; ${linesMax} are the most a file may have`));
  const median = medianLines(files);
  if (median < medianLinesMax) return long;
  return [...long, finding('.', `the median file has ${median} lines; it has to stay under ${medianLinesMax}`)];
}

/** The length of the median TypeScript file, in lines. */
export function medianLines(files: readonly SourceFile[]): number {
  const lengths = files
    .filter((file) => isTypeScript(file.path))
    .map((file) => countLines(file.text))
    .toSorted((left, right) => left - right);
  return lengths[Math.floor(lengths.length / 2)] ?? 0;
}

function countLines(text: string): number {
  return text.split('\n').length - (text.endsWith('\n') ? 1 : 0);
}

function finding(path: string, message: string): Finding {
  return { rule: 'file-size', path, line: 0, message };
}
