import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { readSourceFiles } from './source-file.ts';

/** A copy of the project in a temporary folder, to plant mistakes in that the checks have to refuse. */
export type ProjectCopy = {
  /** Writes a file; undefined removes it. */
  readonly write: (path: string, text: string | undefined) => void;
  /** Runs `tools/check.ts` of the copy with the named steps. */
  readonly check: (steps: readonly string[]) => { readonly status: number | null; readonly output: string };
  readonly remove: () => void;
};

/** Copies the files of the project, so that nothing is ever planted in the tree that people work in. */
export function copyProject(root: string): ProjectCopy {
  const folder = mkdtempSync(join(tmpdir(), 'ringfort-copy-'));
  for (const { path } of readSourceFiles(root)) cpSync(join(root, path), join(folder, path), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  spawnSync('git', ['init', '--quiet', folder]);
  return {
    write: (path, text) => {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      if (text === undefined) rmSync(join(folder, path));
      else writeFileSync(join(folder, path), text);
    },
    check: (steps) => {
      const args = [join(folder, 'tools/check.ts'), ...steps];
      const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8', cwd: folder });
      return { status, output: `${stdout}${stderr}` };
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
