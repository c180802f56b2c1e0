import { randomBytes } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Writes a file so that readers and crashes see the old content or the new one, never a part: a temporary file beside it, synced, then
 * renamed. Owner and mode are set before anything is in it.
 */
export async function writeFileWhole(path: string, content: string, owner: FileOwner): Promise<void> {
  const unfinished = `${path}.${randomBytes(6).toString('hex')}.unfinished`;
  try {
    const file = await open(unfinished, 'wx', 0o600);
    try {
      if (owner.account !== undefined) await file.chown(owner.account.uid, owner.account.gid);
      await file.chmod(owner.mode);
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(unfinished, path);
  } catch (error) {
    await rm(unfinished, { force: true });
    throw error;
  }
  await syncFolder(dirname(path));
}

export type FileOwner = {
  readonly mode: number;
  /** Left out: whoever runs this. */
  readonly account?: { readonly uid: number; readonly gid: number } | undefined;
};

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
