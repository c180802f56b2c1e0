import { rm, symlink } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';

import { z } from 'zod';

import { readJson } from '../files/read-json.ts';

/** `pg-symlinks.json`: `target` is to be a link to `source`; both are relative to the package. */
const Links = z.array(z.object({ source: z.string(), target: z.string() }));

/**
 * Makes the symbolic links between PostgreSQL's libraries, which npm does not keep. The package brings a list of them, and a script that is
 * not run here: install scripts of packages are no part of the platform.
 */
export async function linkLibraries(folder: string): Promise<void> {
  const links = (await readJson(join(folder, 'native', 'pg-symlinks.json'), Links)) ?? [];
  for (const { source, target } of links) {
    const at = join(folder, target);
    if (relative(folder, at).startsWith('..'))
      throw new Error(`A link of PostgreSQL's package leads out of it: ${target}`);
    await rm(at, { force: true });
    await symlink(relative(dirname(target), source), at);
  }
}
