import { readFile } from 'node:fs/promises';

import { runCommand } from '../processes/run-command.ts';

/** Unmounts every file system that is mounted on the folders or below, the deepest first. */
export async function unmountBelow(folders: readonly string[]): Promise<void> {
  for (const mount of listMountsBelow(await readFile('/proc/self/mounts', 'utf8'), folders)) {
    await runCommand(['umount', mount]);
  }
}

/** Reads proc(5)'s mounts, in which blanks and backslashes of paths are octal numbers. */
export function listMountsBelow(mounts: string, folders: readonly string[]): readonly string[] {
  return mounts
    .split('\n')
    .flatMap((line) => line.split(' ').slice(1, 2))
    .map((path) =>
      path.replaceAll(/\\([0-7]{3})/g, (_, octal: string) => String.fromCodePoint(Number.parseInt(octal, 8))),
    )
    .filter((path) => folders.some((folder) => path === folder || path.startsWith(`${folder}/`)))
    .toSorted((left, right) => right.length - left.length);
}
