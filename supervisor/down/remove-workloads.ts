import { wait } from '@ringfort/kit/wait.ts';

import { engineCommand, engineConfigurationFile, type EngineCommand } from '../engine/engine-command.ts';
import { podman } from '../engine/import-images.ts';
import { pathExists } from '../files/path-exists.ts';
import type { InstancePaths } from '../instance/instance-paths.ts';
import { supervisorLimits as limits } from '../limits.ts';
import { CommandFailure } from '../processes/run-command.ts';

/**
 * Ends all containers, giving databases the time to write what they hold, and removes them with their networks. The agent makes them
 * anew from its specifications; images and volumes stay.
 */
export async function removeWorkloads(paths: InstancePaths): Promise<void> {
  if (!(await pathExists(engineConfigurationFile(paths)))) return;
  const engine = engineCommand(paths);
  await endPrograms(engine);
  // A container that holds namespaces can go only after the ones that are in them.
  await removeContainers(engine, (container) => !container.isPause);
  await removeContainers(engine, () => true);
  const networks = (await podman(engine, ['network', 'ls', '--format={{.Name}}'])).split('\n');
  for (const network of networks) if (network.startsWith('ringfort-')) await podman(engine, ['network', 'rm', network]);
}

type Container = { readonly id: string; readonly isPause: boolean };

/** What does not end by itself in time is killed. */
async function endPrograms(engine: EngineCommand): Promise<void> {
  const listRunning = async (): Promise<readonly string[]> =>
    (await listContainers(engine, ['ps', '--filter=status=running']))
      .filter(({ isPause }) => !isPause)
      .map(({ id }) => id);
  await retry(
    async () => podman(engine, ['stop', `--time=${limits.workloadStopSeconds}`, ...(await listRunning())]),
    async () => (await listRunning()).length === 0,
  );
}

async function removeContainers(engine: EngineCommand, isMeant: (container: Container) => boolean): Promise<void> {
  const listIds = async (): Promise<readonly string[]> =>
    (await listContainers(engine, ['ps', '--all'])).filter(isMeant).map(({ id }) => id);
  await retry(
    async () => podman(engine, ['rm', '--force', '--time=0', '--volumes', ...(await listIds())]),
    async () => (await listIds()).length === 0,
  );
}

/** The engine tidies up after containers that ended at the same time, and may be in the way. */
async function retry(work: () => Promise<unknown>, isDone: () => Promise<boolean>): Promise<void> {
  for (let attempt = 1; !(await isDone()); attempt += 1) {
    try {
      await work();
    } catch (error) {
      if (!(error instanceof CommandFailure) || attempt === limits.engineAttemptsMax) throw error;
      await wait(limits.engineRetryDelayMs);
    }
  }
}

async function listContainers(engine: EngineCommand, command: readonly string[]): Promise<readonly Container[]> {
  const lines = (await podman(engine, [...command, '--no-trunc', '--format={{.ID}} {{.Image}}'])).split('\n');
  return lines
    .filter((line) => line !== '')
    .map((line) => ({ id: line.split(' ')[0] ?? '', isPause: line.includes('localhost/ringfort/pause:') }));
}
