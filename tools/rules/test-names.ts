import type { Finding } from '../finding.ts';
import { lineAt } from '../finding.ts';
import { isTypeScript } from '../source-file.ts';
import type { SourceFile } from '../source-file.ts';
import { listTests } from '../test-call.ts';

const notSubjects =
  /^(?:should|test|tests|it|works|when|if|can|could|must|check|checks|verify|verifies|ensure|ensures|returns?|throws?|handles?|does|is|has)\b/iu;

/**
 * Holds the names of tests to the form of a sentence that begins with its subject, as in
 * `deleteApp() refuses a member without app:delete`. A subject written as a call has to occur in the file.
 */
export function checkTestNames(files: readonly SourceFile[]): readonly Finding[] {
  return files
    .filter((file) => isTypeScript(file.path))
    .flatMap((file) =>
      listTests(file).flatMap(({ name, isDeclared, offset }) => {
        if (!isDeclared) return [];
        const message = refuse(name, file);
        const line = lineAt(file.text, offset);
        return message === undefined ? [] : [{ rule: 'test-names', path: file.path, line, message }];
      }),
    );
}

function refuse(name: string | undefined, file: SourceFile): string | undefined {
  if (name === undefined) return 'computes the name of a test; write it as a string or a template';
  if (notSubjects.test(name)) return `"${name}" does not begin with its subject`;
  if (name.trim().split(/\s+/u).length < 3) return `"${name}" is not a sentence`;
  if (/[.!]$/u.test(name.trim())) return `"${name}" ends in a full stop`;
  const called = /^([\w.]+)\(\)/u.exec(name)?.[1];
  const last = called?.split('.').at(-1);
  if (last === undefined || file.text.split(last).length > 2) return undefined;
  return `"${name}" names ${called}(), which the file does not use`;
}
