import { copyFile, rename, rm, stat, truncate } from 'node:fs/promises';

/**
 * Keeps a log file from growing without end: past `bytesMax` its content is copied to `<path>.1` (what was there to `.2`, and so on) and
 * the file is emptied. Programs hold it open for appending, so they go on writing to its new beginning; lines written between the two
 * steps are lost.
 */
export async function rotateLog(
  path: string,
  limits: { readonly bytesMax: number; readonly kept: number },
): Promise<void> {
  if ((await sizeOf(path)) <= limits.bytesMax) return;
  await rm(`${path}.${limits.kept}`, { force: true });
  for (let number = limits.kept - 1; number >= 1; number -= 1) {
    if ((await sizeOf(`${path}.${number}`)) >= 0) await rename(`${path}.${number}`, `${path}.${number + 1}`);
  }
  await copyFile(path, `${path}.1`);
  await truncate(path);
}

/** In bytes; -1 when there is no such file. */
async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return -1;
    throw error;
  }
}
