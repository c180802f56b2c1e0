import { createHash } from 'node:crypto';
import { readFile, readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

import type { Recipe } from './recipe.ts';

/**
 * 12 hexadecimal digits of SHA-256 over everything that decides what a recipe makes, but for the packages of the day: its files, the
 * scripts beside the recipes, the recipe below and the machine's architecture.
 */
export async function recipeDigest(recipe: Recipe, options: DigestOptions): Promise<string> {
  const hash = createHash('sha256').update(`${options.architecture}\0${options.below ?? ''}\0`);
  for (const file of await listInputs(recipe.folder)) {
    hash.update(`${basename(file)}\0`).update(await readFile(file));
    hash.update('\0');
  }
  return hash.digest('hex').slice(0, 12);
}

export type DigestOptions = {
  /** In the words of OCI: `amd64`, `arm64`. */
  readonly architecture: string;
  /** Digest of the recipe below. */
  readonly below: string | undefined;
};

async function listInputs(folder: string): Promise<readonly string[]> {
  const own = (await readdir(folder)).toSorted().map((name) => join(folder, name));
  const beside = (await readdir(dirname(folder))).filter((name) => name.endsWith('.sh')).toSorted();
  return [...own, ...beside.map((name) => join(dirname(folder), name))];
}
