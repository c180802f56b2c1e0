import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** One file of the project: its path from the root, with forward slashes, and its text. */
export type SourceFile = { readonly path: string; readonly text: string };

const listBytesMax = 64 * 1024 * 1024;
const notOurs = new Set(['node_modules', '.git', '.toolchain', 'tmp']);

/** The files of which the rules read the text; all others count by their path only. */
const readable = /\.(?:ts|tsx|md|sql|json|yaml|yml|sh|html|css)$|^ringfort$|^\.ci\/run$/u;

/**
 * Reads the files that Git tracks or would track, so that what is ignored is never judged. Files that were deleted
 * but not yet staged are left out. Files that no rule reads have an empty text.
 */
export function readSourceFiles(root: string): readonly SourceFile[] {
  const paths = listWithGit(root) ?? listFolder(root, '');
  return [...new Set(paths)].toSorted().map((path) => {
    return { path, text: readable.test(path) ? readFileSync(join(root, path), 'utf8') : '' };
  });
}

/** Undefined where there is no Git or no repository, as in an unpacked release. */
function listWithGit(root: string): readonly string[] | undefined {
  // A clone may belong to another user than the one that checks it; listing its files runs nothing of its own.
  const settings = ['-c', 'safe.directory=*', '-c', 'core.fsmonitor=false'];
  const args = [...settings, 'ls-files', '-co', '--exclude-standard', '-z'];
  const { status, stdout } = spawnSync('git', args, { cwd: root, encoding: 'utf8', maxBuffer: listBytesMax });
  if (status !== 0) return undefined;
  return stdout.split('\0').filter((path) => path !== '' && existsSync(join(root, path)));
}

function listFolder(root: string, folder: string): readonly string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory()) return notOurs.has(entry.name) ? [] : listFolder(root, path);
    return entry.isFile() ? [path] : [];
  });
}

/** Says whether a file is TypeScript of ours: in a room, and not part of an example application. */
export function isTypeScript(path: string): boolean {
  return /\.tsx?$/u.test(path) && !path.startsWith('examples/') && !path.startsWith('runtimes/');
}

/** Says whether a file holds tests or serves them alone (`test-….ts`, `….stand-in`); they may do what the code beside them may not. */
export function isTest(path: string): boolean {
  return /\.test\.tsx?$|(?:^|\/)(?:test-[^/]*|[^/]*stand-in[^/]*)\.tsx?$/u.test(path) || path.startsWith('e2e/');
}
