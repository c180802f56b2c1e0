import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';

import { z } from 'zod';

/** The configuration that goes into an image, in the words of the OCI image specification. */
const ImageConfig = z.strictObject({
  User: z.string(),
  WorkingDir: z.string().optional(),
  Env: z.array(z.string()).optional(),
  Entrypoint: z.array(z.string()).optional(),
  Cmd: z.array(z.string()).optional(),
  ExposedPorts: z.record(z.string(), z.strictObject({})).optional(),
  StopSignal: z.string().optional(),
});

/** `runtimes/<name>/recipe.json`: what one image is made from. `make.sh` beside it makes the layer that it adds. */
const Recipe = z.strictObject({
  name: z.string().regex(/^[a-z0-9.-]+$/),
  /** The recipe whose layer lies below; left out for the one that begins with Debian's `suite`. */
  from: z.string().optional(),
  suite: z.string().optional(),
  node: z.string().optional(),
  npm: z.strictObject({ version: z.string(), integrity: z.string() }).optional(),
  tags: z.array(z.string()).min(1),
  config: ImageConfig,
});
export type Recipe = z.infer<typeof Recipe> & { readonly folder: string };

/** Reads all recipes below `runtimes/`. */
export async function readRecipes(runtimesFolder: string): Promise<readonly Recipe[]> {
  const entries = await readdir(runtimesFolder, { withFileTypes: true });
  const folders = entries.filter((entry) => entry.isDirectory()).map((entry) => join(runtimesFolder, entry.name));
  return Promise.all(folders.map(readRecipe));
}

async function readRecipe(folder: string): Promise<Recipe> {
  const content: unknown = JSON.parse(await readFile(join(folder, 'recipe.json'), 'utf8'));
  return { ...Recipe.parse(content), folder };
}
