import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { listGeneratedFiles } from './generated-files.ts';

/** Writes the generated files that differ; with `--check` it only says which do, and fails. */
const root = join(import.meta.dirname, '..');
const stale = (await listGeneratedFiles(root)).filter((file) => file.current !== file.wanted);

for (const { path, wanted } of stale) {
  if (process.argv.includes('--check')) {
    console.error(`${path} is out of date; run node tools/generate.ts`);
    process.exitCode = 1;
  } else {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), wanted);
    console.log(`wrote ${path}`);
  }
}
