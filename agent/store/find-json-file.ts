import { readFile } from 'node:fs/promises';

import type { z } from 'zod';

/**
 * The value in a JSON file of the agent's own, parsed; undefined when there is no such file. A file that is there and is not of its
 * form throws with its path: going on with half a state would be worse.
 */
export async function findJsonFile<T>(path: string, schema: z.ZodType<T>): Promise<T | undefined> {
  const text = await findTextFile(path);
  if (text === undefined) return undefined;
  try {
    return schema.parse(JSON.parse(text));
  } catch (cause) {
    throw new Error(`${path} is damaged. Restore it from a backup, or move it away.`, { cause });
  }
}

/** The content of a text file, or undefined when there is none. */
export async function findTextFile(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
