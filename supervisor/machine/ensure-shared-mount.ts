import { readFile } from 'node:fs/promises';

import { runCommand } from '../processes/run-command.ts';

/**
 * Sees to it that what is mounted and unmounted below a folder is so in every mount namespace that was copied from this one. The engine
 * gives each container's monitor such a copy and tidies up from there; where mounts are private (no systemd has made them shared), volumes
 * and memory file systems would stay behind. Where something is mounted below the folder already it stays as it is: that would be
 * hidden.
 */
export async function ensureSharedMount(folder: string): Promise<void> {
  const mounts = await readFile('/proc/self/mountinfo', 'utf8');
  if (isShared(mounts, folder) || mounts.includes(` ${folder}/`)) return;
  await runCommand(['mount', '--bind', folder, folder]);
  await runCommand(['mount', '--make-shared', folder]);
}

/** Reads proc(5)'s mountinfo: whether the mount that a path lies on has a field `shared:`. */
export function isShared(mountinfo: string, path: string): boolean {
  const holding = mountinfo
    .split('\n')
    .map((line) => line.split(' '))
    .filter(([, , , , point = '']) => point === '/' || path === point || path.startsWith(`${point}/`))
    // Of several on the same point the last one covers the others.
    .reduce<readonly string[]>(
      (best, fields) => ((fields[4] ?? '').length >= (best[4] ?? '').length ? fields : best),
      [],
    );
  return holding.slice(6, holding.indexOf('-')).some((field) => field.startsWith('shared:'));
}
