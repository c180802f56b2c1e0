import type { EnvironmentPlace } from '../driver.ts';
import { listContainers, removeContainer, roleOf } from './containers.ts';
import type { DriverContext } from './context.ts';
import { removeNetwork } from './environment-network.ts';
import { removeBuildFiles } from './build-files.ts';
import { removeImages } from './remove-images.ts';
import { removeVolumes } from './volumes.ts';
import { removeFiles } from './workload-files.ts';

/** Takes everything of an environment away: programs first, then what they used. May be repeated. */
export async function removeEnvironment(context: DriverContext, place: EnvironmentPlace): Promise<void> {
  const containers = await listContainers(context, place.environmentId);
  const isPause = (role: string | undefined): boolean => role === 'pause' || role === 'build-pause';
  const programs = containers.filter((container) => !isPause(roleOf(container)));
  const pauses = containers.filter((container) => isPause(roleOf(container)));
  await Promise.all(programs.map(({ Id }) => removeContainer(context, Id)));
  await Promise.all(pauses.map(({ Id }) => removeContainer(context, Id)));
  await Promise.all(pauses.map(({ Id }) => context.rules.remove(Id)));
  await removeNetwork(context, place);
  await removeVolumes(context, { place, keep: [] });
  await removeFiles(context, { place });
  await removeBuildFiles(context, place.environmentId);
  await removeImages(context, { environmentId: place.environmentId, keep: [] });
}
