import { mkdir, utimes } from 'node:fs/promises';
import { join } from 'node:path';

import { pathExists } from '../files/path-exists.ts';
import { CommandFailure } from '../processes/run-command.ts';
import { withLock } from '../processes/with-lock.ts';
import { SetupFailure } from '../setup-failure.ts';
import { buildImage, type BuildOptions } from './build-image.ts';
import { findOlderArchive, imageArchive, removeOldArchives, type ImageArchive } from './image-archives.ts';
import { isoWeek } from './iso-week.ts';
import { recipeDigest } from './recipe-digest.ts';
import { readRecipes, type Recipe } from './recipe.ts';

/**
 * Sees to it that every recipe has an archive of this week in the cache, building what is missing, the ones over the same layer side by
 * side. A recipe that cannot be built now (no network) falls back on what it made in an earlier week; `onOlder` hears of it. All
 * instances of the machine share the cache, under one lock.
 */
export async function ensureImages(options: EnsureOptions): Promise<ReadonlyMap<string, ImageArchive>> {
  await mkdir(options.cacheFolder, { recursive: true, mode: 0o700 });
  return withLock(join(options.cacheFolder, '..', 'images.lock'), async () => {
    const recipes = await readRecipes(options.runtimesFolder);
    const archives = await makeAll(recipes, options);
    await removeOldArchives(options.cacheFolder, { keep: archives, nowMs: options.nowMs });
    return new Map(archives.map((archive) => [archive.name, archive]));
  });
}

export type EnsureOptions = Omit<BuildOptions, 'target' | 'below' | 'onLine' | 'signal'> & {
  readonly runtimesFolder: string;
  readonly cacheFolder: string;
  readonly onLine: (name: string, line: string) => void;
  readonly onOlder: (archive: ImageArchive, error: unknown) => void;
};

type Made = { readonly digest: string; readonly archive: ImageArchive };

/** The first failure ends the other builds; it is thrown once they have ended. */
async function makeAll(recipes: readonly Recipe[], options: EnsureOptions): Promise<readonly ImageArchive[]> {
  const stop = new AbortController();
  const made = new Map<string, Promise<Made>>();
  const make = (name: string): Promise<Made> => {
    const known = made.get(name);
    if (known !== undefined) return known;
    const started = makeOne(getRecipe(recipes, name), { ...options, signal: stop.signal }, make);
    made.set(name, started);
    started.catch((error: unknown) => stop.abort(error));
    return started;
  };
  const results = await Promise.allSettled(recipes.map((recipe) => make(recipe.name)));
  if (stop.signal.aborted) throw stop.signal.reason;
  return results.flatMap((result) => (result.status === 'fulfilled' ? [result.value.archive] : []));
}

async function makeOne(
  recipe: Recipe,
  options: EnsureOptions & { readonly signal: AbortSignal },
  makeBelow: (name: string) => Promise<Made>,
): Promise<Made> {
  const below = recipe.from === undefined ? undefined : await makeBelow(recipe.from);
  const digest = await recipeDigest(recipe, { architecture: options.architecture, below: below?.digest });
  const archive = imageArchive(options.cacheFolder, recipe.name, { digest, week: isoWeek(options.nowMs) });
  if (await pathExists(archive.path)) {
    // What is in use does not grow old.
    await utimes(archive.path, options.nowMs / 1_000, options.nowMs / 1_000);
    return { digest, archive };
  }
  try {
    const onLine = (line: string): void => options.onLine(recipe.name, line);
    await buildImage(recipe, { ...options, target: archive, below: below?.archive, onLine });
    return { digest, archive };
  } catch (error) {
    const older = await findOlderArchive(options.cacheFolder, recipe.name, digest);
    if (older === undefined) throw explain(recipe, error);
    options.onOlder(older, error);
    return { digest, archive: older };
  }
}

function explain(recipe: Recipe, error: unknown): unknown {
  if (!(error instanceof CommandFailure)) return error;
  return new SetupFailure(`The image ${recipe.name} could not be made. ${error.message}`, {
    advice: 'Check the network and the mirrors (RINGFORT_DEBIAN_MIRROR, the npm registry), then run the command again.',
    cause: error,
  });
}

function getRecipe(recipes: readonly Recipe[], name: string): Recipe {
  const recipe = recipes.find((one) => one.name === name);
  if (recipe === undefined) throw new Error(`No recipe is named ${name}`);
  return recipe;
}
