import { createHash } from 'node:crypto';
import { copyFile, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { runCommand } from '../processes/run-command.ts';
import { SetupFailure } from '../setup-failure.ts';
import type { Recipe } from './recipe.ts';

/** Puts what a recipe's script needs from this machine and the npm registry into `folder`, which it makes. */
export async function prepareInputs(recipe: Recipe, folder: string, sources: InputSources): Promise<void> {
  await mkdir(folder);
  await copyFile(sources.certificateBundle, join(folder, 'ca-bundle.pem'));
  await copyFile('/etc/resolv.conf', join(folder, 'resolv.conf'));
  await writeFile(join(folder, 'apt.conf'), await aptConfiguration());
  if (recipe.node !== undefined) await copyFile(sources.nodeBinary, join(folder, 'node'));
  if (recipe.npm !== undefined) await fetchNpm(recipe.npm, folder, sources.env);
}

export type InputSources = {
  readonly certificateBundle: string;
  readonly nodeBinary: string;
  /** For npm: its registry, proxies and certificates. */
  readonly env: NodeJS.ProcessEnv;
};

/** The host's proxies for apt, and where the tree finds the host's certificates. */
async function aptConfiguration(): Promise<string> {
  const proxies = await runCommand([
    'apt-config',
    'dump',
    '--format',
    '%f "%v";%n',
    'Acquire::http::Proxy',
    'Acquire::https::Proxy',
  ]);
  const lines = proxies.split('\n').filter((line) => !line.includes('""'));
  const own = [
    'Acquire::https::CAInfo "/run/ca-bundle.pem";',
    'Acquire::Languages "none";',
    'Acquire::Retries "3";',
    'DPkg::Use-Pty "0";',
  ];
  return `${[...lines, ...own].join('\n')}\n`;
}

async function fetchNpm(npm: NonNullable<Recipe['npm']>, folder: string, env: NodeJS.ProcessEnv): Promise<void> {
  await runCommand(['npm', 'pack', `npm@${npm.version}`, '--silent', '--pack-destination', folder], {
    cwd: folder,
    env,
  });
  const packed = join(folder, `npm-${npm.version}.tgz`);
  const integrity = `sha512-${createHash('sha512')
    .update(await readFile(packed))
    .digest('base64')}`;
  if (integrity !== npm.integrity) {
    throw new SetupFailure(`The npm registry gave another npm ${npm.version} than the recipe names`, {
      advice: `Expected ${npm.integrity}, got ${integrity}. Check which registry \`npm config get registry\` names.`,
    });
  }
  await rename(packed, join(folder, 'npm.tgz'));
}
