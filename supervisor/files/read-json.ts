import { readFile } from 'node:fs/promises';

import type { z } from 'zod';

/** Reads a JSON file of a known form; undefined when there is none. Another form is a bug or a broken disk, and throws. */
export async function readJson<T>(path: string, schema: z.ZodType<T>): Promise<T | undefined> {
  const text = await readIfThere(path);
  return text === undefined ? undefined : schema.parse(JSON.parse(text));
}

/** The text of a file; undefined when there is none. */
export async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ESRCH'))
      return undefined;
    throw error;
  }
}
