import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

import { runCommand } from '../processes/run-command.ts';
import { supervisorLimits as limits } from '../limits.ts';
import type { ImageArchive } from './image-archives.ts';
import { prepareInputs, type InputSources } from './prepare-inputs.ts';
import type { Recipe } from './recipe.ts';
import { writeImageArchive } from './write-image-archive.ts';

/**
 * Makes one image as an archive. The recipe's script runs in mount and process namespaces of its own, which end with this process: an
 * interrupted build leaves nothing but its work folder, and the next one removes that.
 */
export async function buildImage(recipe: Recipe, options: BuildOptions): Promise<void> {
  const { target } = options;
  const work = `${target.path}.work`;
  await rm(work, { recursive: true, force: true });
  await mkdir(join(work, 'stage'), { recursive: true, mode: 0o700 });
  await prepareInputs(recipe, join(work, 'inputs'), options.sources);
  const below = options.below === undefined ? undefined : await extractLayer(options.below, join(work, 'below.tar'));
  const { mirror, securityMirror } = options.mirrors;
  const script = [join(recipe.folder, '..', 'make-layer.sh'), recipe.folder, work, below ?? ''];
  const firstLayer = recipe.suite === undefined ? [] : [recipe.suite, mirror, securityMirror];
  await runCommand([...isolated, 'sh', ...script, ...firstLayer], {
    env: options.sources.env,
    timeoutMs: limits.imageBuildTimeoutMs,
    signal: options.signal,
    onLine: options.onLine,
  });
  await writeImageArchive({
    recipe,
    version: target.version,
    layers: [...(below === undefined ? [] : [below]), join(work, 'layer.tar')],
    work: join(work, 'stage'),
    target: target.path,
    architecture: options.architecture,
    nowMs: options.nowMs,
  });
  await rm(work, { recursive: true });
}

export type BuildOptions = {
  readonly target: ImageArchive;
  /** The archive of the recipe below. */
  readonly below: ImageArchive | undefined;
  readonly sources: InputSources;
  /** Where Debian's packages and its security updates come from. */
  readonly mirrors: { readonly mirror: string; readonly securityMirror: string };
  readonly architecture: string;
  readonly nowMs: number;
  readonly signal: AbortSignal;
  readonly onLine: (line: string) => void;
};

const isolated: readonly string[] = [
  'unshare',
  '--mount',
  '--propagation',
  'private',
  '--pid',
  '--fork',
  '--kill-child',
  '--mount-proc',
  '--',
];

/** The lowest image has one layer; its file is the only one in the archive that is named by a digest. */
async function extractLayer(archive: ImageArchive, target: string): Promise<string> {
  await runCommand([
    'tar',
    '--extract',
    '--file',
    archive.path,
    '--wildcards',
    '--transform',
    `s|.*|${target}|`,
    '--absolute-names',
    '*.tar',
  ]);
  return target;
}
