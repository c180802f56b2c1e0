import { chmod, chown, lstat, mkdir } from 'node:fs/promises';

import type { FileOwner } from './write-file-whole.ts';

/**
 * Makes a folder, or corrects the owner and mode of the one that is there. Refuses anything else under the name: a link could lead out of
 * a place that only root writes.
 */
export async function ensureFolder(path: string, owner: FileOwner): Promise<void> {
  await mkdir(path, { recursive: true, mode: 0o700 });
  const found = await lstat(path);
  if (!found.isDirectory()) throw new Error(`${path} is not a folder`);
  // The owner first: changing it clears the setgid bit.
  const { account } = owner;
  if (account !== undefined && (found.uid !== account.uid || found.gid !== account.gid)) {
    await chown(path, account.uid, account.gid);
  }
  await chmod(path, owner.mode);
}
