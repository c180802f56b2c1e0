import type { Finding } from '../finding.ts';
import { lineAt } from '../finding.ts';
import { isTypeScript } from '../source-file.ts';
import type { SourceFile } from '../source-file.ts';
import { listTests } from '../test-call.ts';

/** Refuses `only`, `skip` and `todo`: a test runs, or its whole suite is named as one that this machine cannot run. */
export function checkHeldTests(files: readonly SourceFile[]): readonly Finding[] {
  return files
    .filter((file) => isTypeScript(file.path))
    .flatMap((file) =>
      listTests(file).flatMap(({ modifiers, offset }) =>
        modifiers.map((modifier) => ({
          rule: 'held-tests',
          path: file.path,
          line: lineAt(file.text, offset),
          message: `holds a test back with ${modifier}; let it run or remove it`,
        })),
      ),
    );
}
