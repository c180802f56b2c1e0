import { chmod, mkdir, open, rm, rmdir, stat, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';

import { driverLimits as limits } from '../limits.ts';
import { mustRun, runProgram } from './run-program.ts';

/**
 * A file system of a fixed size in a file, mounted: the one bound on bytes and inodes that holds everywhere, also against many small
 * files. Grows when more is asked for, never shrinks. Safe to repeat after a crash or a restart of the machine.
 */
export async function ensureDiskImage(disk: DiskImage): Promise<void> {
  await mkdir(dirname(disk.image), { recursive: true, mode: 0o700 });
  // Anything but its absence is an error: an image that cannot be read just now must not be replaced by an empty one.
  const found = await stat(disk.image).catch((error: unknown) => ignoreAbsent(error));
  if (found === undefined) await makeImage(disk);
  await mkdir(disk.mountPoint, { recursive: true, mode: 0o700 });
  if (!(await isMountPoint(disk.mountPoint))) await mountImage(disk);
  if (found !== undefined && found.size < disk.sizeBytes) await growImage(disk);
}

/** Unmounts and deletes it; nothing happens when it is not there. */
export async function removeDiskImage(disk: Omit<DiskImage, 'sizeBytes'>): Promise<void> {
  if (await isMountPoint(disk.mountPoint)) await mustRun(['umount', disk.mountPoint]);
  await rmdir(disk.mountPoint).catch((error: unknown) => ignoreAbsent(error));
  await rm(disk.image, { force: true });
}

export type DiskImage = { readonly image: string; readonly mountPoint: string; readonly sizeBytes: number };

/** The file gets its name when the file system in it is whole. */
async function makeImage({ image, sizeBytes }: DiskImage): Promise<void> {
  const space = await statfs(dirname(image));
  if (space.bavail * space.bsize < sizeBytes + limits.diskReserveBytes)
    throw new Error(`The disk has no room for ${Math.ceil(sizeBytes / 1024 / 1024)} MiB more; free some`);
  const draft = `${image}.new`;
  await rm(draft, { force: true });
  const file = await open(draft, 'wx', 0o600);
  try {
    await file.truncate(sizeBytes);
  } finally {
    await file.close();
  }
  await mustRun(['mkfs.ext4', '-q', '-F', '-m', '0', '-E', 'lazy_itable_init=1,lazy_journal_init=1', draft]);
  await mustRun(['mv', '--no-target-directory', draft, image]);
}

async function mountImage({ image, mountPoint }: DiskImage): Promise<void> {
  // Unmounted it is empty and closed, so that nothing is written below a mount that failed.
  await chmod(mountPoint, 0o000);
  await mustRun(['mount', '-o', 'loop,nosuid,nodev,noatime', image, mountPoint]);
}

async function growImage({ image, mountPoint, sizeBytes }: DiskImage): Promise<void> {
  const file = await open(image, 'r+');
  try {
    await file.truncate(sizeBytes);
  } finally {
    await file.close();
  }
  const device = (await mustRun(['findmnt', '-n', '-o', 'SOURCE', '--target', mountPoint])).trim();
  await mustRun(['losetup', '--set-capacity', device]);
  await mustRun(['resize2fs', device]);
}

async function isMountPoint(path: string): Promise<boolean> {
  return (await runProgram(['mountpoint', '-q', path])).code === 0;
}

function ignoreAbsent(error: unknown): void {
  if (!(error instanceof Error) || !('code' in error) || error.code !== 'ENOENT') throw error;
}
