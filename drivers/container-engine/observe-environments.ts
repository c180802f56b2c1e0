import { EnvironmentId } from '@ringfort/contracts/identifiers.ts';

import type { ObservedContainer, ObservedPlace } from '../driver.ts';
import { findContainer, listContainers } from './containers.ts';
import type { DriverContext } from './context.ts';
import type { ContainerDetail } from './engine-schemas.ts';
import { listNetworks } from './host-network.ts';
import { labels } from './labels.ts';
import { ranOutOfMemory } from './out-of-memory.ts';
import { areRulesIntact, groupWorkloads, hasEnded, isRunning, type WorkloadState } from './workload-state.ts';

/** All environments of the instance that have a network or a container, with their workloads as the engine has them. */
export async function observeEnvironments(context: DriverContext): Promise<readonly ObservedPlace[]> {
  const [networks, containers] = await Promise.all([listNetworks(context), listContainers(context)]);
  const ids = [...networks.map((network) => network.labels), ...containers.map((container) => container.Labels)].map(
    (all) => all[labels.environment],
  );
  const environments = [...new Set(ids)].filter((id) => id !== undefined).map((id) => EnvironmentId.parse(id));
  return Promise.all(
    environments.map(async (environmentId) => {
      const own = containers.filter(({ Labels }) => Labels[labels.environment] === environmentId);
      const workloads = await Promise.all(groupWorkloads(own).map((state) => observeWorkload(context, state)));
      return { environmentId, workloads };
    }),
  );
}

async function observeWorkload(context: DriverContext, state: WorkloadState): Promise<ObservedContainer> {
  const { pause, main, key } = state;
  const detail = main === undefined ? undefined : await findContainer(context, main.Id);
  const isSound = pause !== undefined && isRunning(pause) && (await areRulesIntact(context, pause.Id));
  const digest = (main ?? pause)?.Labels[labels.digest] ?? '';
  const seen = await observeProgram(detail);
  return { key, digest, ...seen, state: isSound ? seen.state : 'broken' };
}

async function observeProgram(detail: ContainerDetail | undefined): Promise<Omit<ObservedContainer, 'key' | 'digest'>> {
  const nothing = { state: 'broken', exitCode: null, outOfMemory: false, startedAt: null } as const;
  if (detail === undefined) return nothing;
  const { Status, ExitCode, StartedAt } = detail.State;
  const startedAt = parseStart(StartedAt);
  if (Status === 'running') return { ...nothing, state: 'running', startedAt };
  if (!hasEnded(Status)) return nothing;
  return { state: 'exited', exitCode: ExitCode, outOfMemory: await ranOutOfMemory(detail), startedAt };
}

/** The engine gives nanoseconds and the host's zone; the year 1 means never. */
function parseStart(text: string): string | null {
  const at = new Date(text);
  return Number.isNaN(at.valueOf()) || at.getUTCFullYear() < 2000 ? null : at.toISOString();
}
