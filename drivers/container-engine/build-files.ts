import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

import type { EnvironmentId } from '@ringfort/contracts/identifiers.ts';

import type { DriverContext } from './context.ts';
import { removeDiskImage } from './disk-image.ts';

/** The folder of one build. Environment first, so that what an interrupted build left can be found. */
export function buildFolder(
  context: DriverContext,
  options: { readonly environmentId: EnvironmentId; readonly name: string },
): string {
  return join(buildsFolder(context, options.environmentId), options.name);
}

/** The build's disk in its folder. */
export function buildDisk(folder: string): { readonly image: string; readonly mountPoint: string } {
  return { image: join(folder, 'disk.img'), mountPoint: join(folder, 'disk') };
}

/** Removes what builds of an environment left on the host, or what one of them did. Their containers must be gone. */
export async function removeBuildFiles(
  context: DriverContext,
  environmentId: EnvironmentId,
  name?: string,
): Promise<void> {
  const folder = buildsFolder(context, environmentId);
  const names = name === undefined ? await listBuildFiles(context, environmentId) : [name];
  for (const each of names) {
    await removeDiskImage(buildDisk(join(folder, each)));
    await rm(join(folder, each), { recursive: true, force: true });
  }
  if (name === undefined) await rm(folder, { recursive: true, force: true });
}

/** The names of the environment's builds that have something on the host. */
export async function listBuildFiles(context: DriverContext, environmentId: EnvironmentId): Promise<readonly string[]> {
  return readdir(buildsFolder(context, environmentId)).catch(() => []);
}

function buildsFolder(context: DriverContext, environmentId: EnvironmentId): string {
  return join(context.options.home, 'builds', environmentId);
}
