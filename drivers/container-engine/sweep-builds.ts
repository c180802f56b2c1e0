import type { ImageDigest } from '@ringfort/contracts/environment-spec.ts';
import type { EnvironmentId } from '@ringfort/contracts/identifiers.ts';

import { listBuildFiles, removeBuildFiles } from './build-files.ts';
import { listContainers, removeContainer, roleOf } from './containers.ts';
import type { DriverContext } from './context.ts';
import { labels } from './labels.ts';
import { removeImages } from './remove-images.ts';

/** Removes what builds that do not run (any more) left behind, and images that nobody keeps. */
export async function sweepBuilds(context: DriverContext, options: SweepOptions): Promise<void> {
  const { environmentId, running } = options;
  const containers = await listContainers(context, environmentId);
  const left = containers.filter((container) => {
    const build = container.Labels[labels.build];
    return build !== undefined && !running.has(build);
  });
  const isPause = (role: string | undefined): boolean => role === 'build-pause';
  for (const { Id } of left.filter((container) => !isPause(roleOf(container)))) await removeContainer(context, Id);
  for (const { Id } of left.filter((container) => isPause(roleOf(container)))) {
    await removeContainer(context, Id);
    await context.rules.remove(Id);
  }
  for (const name of await listBuildFiles(context, environmentId))
    if (!running.has(name)) await removeBuildFiles(context, environmentId, name);
  await removeImages(context, options);
}

export type SweepOptions = {
  readonly environmentId: EnvironmentId;
  readonly keep: readonly ImageDigest[];
  /** Names of builds that run now. */
  readonly running: ReadonlySet<string>;
};
