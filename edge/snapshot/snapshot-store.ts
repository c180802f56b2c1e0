import { open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * The last good snapshot on disk (`<home>/snapshot.json`), from which an edge serves while control is away. It is kept as it came
 * and verified again when it is read: the disk is trusted no more than control is.
 */
export function createSnapshotStore(home: string): SnapshotStore {
  const path = join(home, 'snapshot.json');
  return { load: () => load(path), save: (document) => save(path, home, document) };
}

export type SnapshotStore = {
  /** The document, not verified; undefined where there is none, or none that is whole. */
  readonly load: () => Promise<unknown>;
  /** Replaces the document as a whole: after a crash there is the old one or the new one. */
  readonly save: (document: unknown) => Promise<void>;
};

async function load(path: string): Promise<unknown> {
  const text = await readFile(path, 'utf8').catch(whenMissing);
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function whenMissing(error: unknown): undefined {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
  throw error;
}

const saveBeside = async (path: string, document: unknown): Promise<void> => {
  const file = await open(path, 'w', 0o600);
  try {
    await file.writeFile(JSON.stringify(document));
    await file.sync();
  } finally {
    await file.close();
  }
};

async function save(path: string, home: string, document: unknown): Promise<void> {
  await saveBeside(`${path}.new`, document);
  await rename(`${path}.new`, path);
  const folder = await open(home, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
