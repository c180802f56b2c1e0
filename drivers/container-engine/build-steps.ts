import { join } from 'node:path';

import { Problem } from '@ringfort/contracts/problem.ts';

import { applicationUser } from './build-image.ts';
import { siteLabels, type BuildSite } from './build-site.ts';
import { runBuildStep } from './build-step.ts';
import { buildPaths, buildVariables } from './build-variables.ts';
import type { EngineMount } from './container-bodies.ts';
import type { DriverContext } from './context.ts';
import { containerName } from './labels.ts';
import { systemMounts } from './workload-files.ts';

/** One program of a build, and the archives of the site that it needs. */
export type Step = {
  readonly name: 'unpacking' | 'command' | 'packing';
  readonly command: readonly string[];
  readonly mounts: readonly ('source' | 'packed')[];
};

/** Unpacks the checked source into the application's folder. */
export const unpackStep: Step = {
  name: 'unpacking',
  command: [
    'tar',
    '--extract',
    `--file=${buildPaths.source}`,
    '--directory=/app',
    '--no-same-owner',
    '--no-same-permissions',
    '--no-overwrite-dir',
  ],
  mounts: ['source'],
};

/** Packs the folder as the build left it. */
export const packStep: Step = {
  name: 'packing',
  command: [
    'tar',
    '--create',
    `--file=${buildPaths.layer}`,
    '--directory=/',
    '--format=posix',
    '--sort=name',
    '--hard-dereference',
    '--numeric-owner',
    'app',
  ],
  mounts: ['packed'],
};

/** Runs one step; rejects with `build-failed` when it does not end well. */
export async function runStep(context: DriverContext, options: StepOptions): Promise<void> {
  const { site, name } = options;
  const { plan } = site;
  const { exitCode, outOfMemory } = await runBuildStep(context, {
    body: {
      name: containerName({ environmentId: plan.place.environmentId, key: site.key, role: 'build' }),
      image: plan.image,
      command: options.command,
      labels: siteLabels(context, { plan, key: site.key, role: 'build' }),
      pauseId: site.pauseId,
      hostname: 'build',
      user: applicationUser,
      workingDirectory: '/app',
      variables: buildVariables(plan),
      mounts: await siteMounts(options),
      limits: plan.limits,
    },
    onLine: options.onLine,
    signal: options.signal,
    fileBytesMax: plan.diskBytesMax,
  });
  if (exitCode === 0) return;
  const what = name === 'command' ? `The build of “${plan.component}”` : `The ${name} of “${plan.component}”`;
  const how = outOfMemory ? 'ran out of memory' : `ended with exit code ${exitCode}`;
  throw new Problem('build-failed', `${what} ${how}.`);
}

export type StepOptions = Step & {
  readonly site: BuildSite;
  readonly onLine: (line: string) => void;
  readonly signal: AbortSignal;
};

async function siteMounts({ site, mounts }: StepOptions): Promise<readonly EngineMount[]> {
  const writable = ['rw', 'nosuid', 'nodev', 'rprivate'];
  const readOnly = ['ro', 'nosuid', 'nodev', 'noexec', 'rprivate'];
  const bind = (source: string, destination: string, options: readonly string[]): EngineMount => ({
    type: 'bind',
    source,
    destination,
    options,
  });
  const { plan } = site;
  const { memoryBytesMax } = plan.limits;
  const system = await systemMounts(site.folder, { hosts: '127.0.0.1 localhost\n', resolver: '', memoryBytesMax });
  return [
    ...system,
    bind(join(site.disk, 'app'), '/app', writable),
    bind(join(site.disk, 'home'), buildPaths.home, writable),
    bind(join(site.disk, 'tmp'), '/tmp', writable),
    bind(plan.certificateBundle, buildPaths.certificates, readOnly),
    ...mounts.map((mount) =>
      mount === 'source'
        ? bind(site.source, buildPaths.source, readOnly)
        : bind(site.packed, buildPaths.layer, writable),
    ),
  ];
}
