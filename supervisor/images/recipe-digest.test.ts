import assert from 'node:assert/strict';
import { appendFile, cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';

import { recipeDigest } from './recipe-digest.ts';
import { readRecipes, type Recipe } from './recipe.ts';

const runtimes = join(import.meta.dirname, '..', '..', 'runtimes');
const options = { architecture: 'amd64', below: undefined };

test('readRecipes() reads every recipe, and each stands on one that is there', async () => {
  const recipes = await readRecipes(runtimes);
  const names = recipes.map((recipe) => recipe.name);
  assert.deepEqual(names.toSorted(), ['base', 'mysql-11.8', 'node-24']);
  for (const { from, suite } of recipes) assert.ok(from === undefined ? suite !== undefined : names.includes(from));
});

test('recipeDigest() changes with the recipe’s files, the scripts beside it, the recipe below and the processor', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'ringfort-recipes-'));
  t.after(() => rm(folder, { recursive: true }));
  await cp(runtimes, folder, { recursive: true });
  const recipe = await getRecipe(folder, 'base');
  const digests = [await recipeDigest(recipe, options)];
  digests.push(await recipeDigest(recipe, { ...options, architecture: 'arm64' }));
  digests.push(await recipeDigest(recipe, { ...options, below: 'abc' }));
  await appendFile(join(folder, 'base', 'make.sh'), '# more\n');
  digests.push(await recipeDigest(recipe, options));
  await appendFile(join(folder, 'make-layer.sh'), '# more\n');
  digests.push(await recipeDigest(recipe, options));
  assert.equal(new Set(digests).size, digests.length);
  assert.equal(await recipeDigest(recipe, options), digests.at(-1));
});

async function getRecipe(folder: string, name: string): Promise<Recipe> {
  const recipe = (await readRecipes(folder)).find((one) => one.name === name);
  assert.ok(recipe);
  return recipe;
}
