import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { link, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';

import { runCommand } from '../processes/run-command.ts';
import { supervisorLimits as limits } from '../limits.ts';
import type { Recipe } from './recipe.ts';

/**
 * Writes an archive that `podman load` takes (the format of `docker save`): manifest, configuration, and the layers as plain tar files,
 * the lowest first. Images made over the same lowest layer share it in the engine's store. The archive appears whole, under its
 * final name, or not at all.
 */
export async function writeImageArchive(options: ArchiveOptions): Promise<void> {
  const { recipe, work, target } = options;
  const digests = await Promise.all(options.layers.map(sha256OfFile));
  const names = digests.map((digest) => `${digest}.tar`);
  for (const [index, layer] of options.layers.entries()) await link(layer, join(work, names[index] ?? ''));
  const created = new Date(options.nowMs).toISOString();
  const config = {
    architecture: options.architecture,
    os: 'linux',
    created,
    config: recipe.config,
    rootfs: { type: 'layers', diff_ids: digests.map((digest) => `sha256:${digest}`) },
    history: digests.map(() => ({ created, created_by: `ringfort ${recipe.name}` })),
  };
  const RepoTags = recipe.tags.map((tag) => imageReference(tag, options.version));
  await writeFile(join(work, 'config.json'), JSON.stringify(config));
  await writeFile(join(work, 'manifest.json'), JSON.stringify([{ Config: 'config.json', RepoTags, Layers: names }]));
  const unfinished = `${target}.unfinished`;
  await rm(unfinished, { force: true });
  const tar = ['tar', '--create', '--file', unfinished, '--directory', work, 'manifest.json', 'config.json', ...names];
  await runCommand(tar, { timeoutMs: limits.imageBuildTimeoutMs });
  await rename(unfinished, target);
}

export type ArchiveOptions = {
  readonly recipe: Recipe;
  /** The tag of the images. */
  readonly version: string;
  readonly layers: readonly string[];
  /** An empty folder on the same file system as the layers. */
  readonly work: string;
  readonly target: string;
  /** In the words of OCI: `amd64`, `arm64`. */
  readonly architecture: string;
  readonly nowMs: number;
};

/** What the engine calls an image of ours. It never names a registry. */
export function imageReference(tag: string, version: string): string {
  return `localhost/ringfort/${tag}:${version}`;
}

async function sha256OfFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}
