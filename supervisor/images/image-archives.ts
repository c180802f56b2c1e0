import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

import { supervisorLimits as limits } from '../limits.ts';

/** One archive of the cache, `<name>-<recipe digest>-<week>.tar`. The last two parts are the tag of its images. */
export type ImageArchive = { readonly name: string; readonly version: string; readonly path: string };

/** Where the archive of a recipe lies, made or not. `week` is `isoWeek`'s. */
export function imageArchive(
  folder: string,
  name: string,
  made: { readonly digest: string; readonly week: string },
): ImageArchive {
  const version = `${made.digest}-${made.week}`;
  return { name, version, path: join(folder, `${name}-${version}.tar`) };
}

/** The newest archive that the very same recipe made in another week; for when there is no network to make a new one. */
export async function findOlderArchive(
  folder: string,
  name: string,
  digest: string,
): Promise<ImageArchive | undefined> {
  const prefix = `${name}-${digest}-`;
  const files = (await readdir(folder)).filter((file) => file.startsWith(prefix) && file.endsWith('.tar'));
  const week = files
    .map((file) => file.slice(prefix.length, -'.tar'.length))
    .toSorted()
    .at(-1);
  return week === undefined ? undefined : imageArchive(folder, name, { digest, week });
}

/** Removes archives that nobody made or used for four weeks, except the ones in `keep`. */
export async function removeOldArchives(
  folder: string,
  options: { readonly keep: readonly ImageArchive[]; readonly nowMs: number },
): Promise<void> {
  const kept = new Set(options.keep.map((archive) => archive.path));
  for (const file of await readdir(folder)) {
    const path = join(folder, file);
    const isOld = options.nowMs - (await stat(path)).mtimeMs > limits.imageArchiveAgeMsMax;
    if (isOld && !kept.has(path)) await rm(path, { recursive: true });
  }
}
