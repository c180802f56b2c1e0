import { stat } from 'node:fs/promises';

/** Whether there is anything under the path. Other failures than its absence (no permission) reject. */
export async function pathExists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false;
    throw error;
  }
}
