import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { z } from 'zod';

/**
 * What was loaded into a pause container's namespace: the digest of the rules as planned, and of their listing as the kernel gave it
 * back right after. Kept on disk, so that a new agent can tell intact rules from changed ones.
 */
const LoadedRules = z.object({ namespace: z.string(), planned: z.string(), listed: z.string() });
export type LoadedRules = z.infer<typeof LoadedRules>;

export type RulesStore = {
  readonly find: (pauseId: string) => Promise<LoadedRules | undefined>;
  readonly put: (pauseId: string, loaded: LoadedRules) => Promise<void>;
  readonly remove: (pauseId: string) => Promise<void>;
  /** Forgets those whose containers are not among `pauseIds`. */
  readonly keepOnly: (pauseIds: ReadonlySet<string>) => Promise<void>;
};

/** Opens the store in `folder`, which it makes. A record that cannot be read counts as absent: the rules are loaded again. */
export async function openRulesStore(folder: string): Promise<RulesStore> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const cache = new Map<string, LoadedRules>();
  const file = (pauseId: string): string => join(folder, `${pauseId}.json`);
  return {
    find: async (pauseId) => {
      const known = cache.get(pauseId);
      if (known !== undefined) return known;
      const text = await readFile(file(pauseId), 'utf8').catch(() => '');
      const parsed = text === '' ? undefined : LoadedRules.safeParse(parseJson(text)).data;
      if (parsed !== undefined) cache.set(pauseId, parsed);
      return parsed;
    },
    put: async (pauseId, loaded) => {
      cache.set(pauseId, loaded);
      await writeFile(`${file(pauseId)}.new`, JSON.stringify(loaded), { mode: 0o600 });
      await rename(`${file(pauseId)}.new`, file(pauseId));
    },
    remove: async (pauseId) => {
      cache.delete(pauseId);
      await rm(file(pauseId), { force: true });
    },
    keepOnly: async (pauseIds) => {
      const names = await readdir(folder);
      const gone = names.filter((name) => !pauseIds.has(name.replace(/\.json(?:\.new)?$/, '')));
      await Promise.all(gone.map((name) => rm(join(folder, name), { force: true })));
    },
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
