import { chmod, mkdir, writeFile } from 'node:fs/promises';

/**
 * Writes a file that workloads may read. Overwrites in place, because a running container has this very file mounted. The mode is set
 * afterwards, because the agent's umask takes it away from what is made.
 */
export async function writeReadableFile(path: string, content: string): Promise<void> {
  await writeFile(path, content);
  await chmod(path, 0o444);
}

/** Makes a folder that workloads may enter, in one that they cannot reach but through a mount. */
export async function makeReadableFolder(path: string): Promise<void> {
  await mkdir(path, { recursive: true });
  await chmod(path, 0o755);
}
