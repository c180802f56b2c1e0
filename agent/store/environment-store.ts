import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

import { EnvironmentId } from '@ringfort/contracts/identifiers.ts';

import type { Document } from './environment-documents.ts';
import { findJsonFile } from './find-json-file.ts';
import { flushFolder, temporarySuffix, writeFileAtomically } from './write-file-atomically.ts';

/**
 * What the agent knows of its environments, on disk: a folder for each, a file for each document, every write whole or not at all. Only
 * root may enter.
 */
export type EnvironmentStore = {
  readonly list: () => Promise<readonly EnvironmentId[]>;
  readonly find: <T>(id: EnvironmentId, document: Document<T>) => Promise<T | undefined>;
  readonly write: <T>(id: EnvironmentId, document: Document<T>, value: T) => Promise<void>;
  /** Takes the whole folder away; the folder's absence is what makes an environment gone. */
  readonly remove: (id: EnvironmentId) => Promise<void>;
};

/** Opens the store below the agent's home, and clears what writes that were cut off left behind. */
export async function openEnvironmentStore(home: string): Promise<EnvironmentStore> {
  const root = join(home, 'environments');
  await mkdir(root, { recursive: true, mode: 0o700 });
  await clearTemporary(root);
  const folderOf = (id: EnvironmentId): string => join(root, id);
  return {
    list: async () => (await readdir(root)).map((name) => EnvironmentId.parse(name)),
    find: (id, { file, schema }) => findJsonFile(join(folderOf(id), file), schema),
    write: async (id, { file }, value) => {
      const made = await mkdir(folderOf(id), { recursive: true, mode: 0o700 });
      if (made !== undefined) await flushFolder(root);
      await writeFileAtomically(join(folderOf(id), file), JSON.stringify(value, null, 2));
    },
    remove: async (id) => {
      await rm(folderOf(id), { recursive: true, force: true });
      await flushFolder(root);
    },
  };
}

async function clearTemporary(root: string): Promise<void> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  const left = entries.filter((entry) => entry.isFile() && entry.name.endsWith(temporarySuffix));
  for (const { parentPath, name } of left) await rm(join(parentPath, name), { force: true });
}
