import type { WorkloadRef } from '@ringfort/contracts/agent-requests.ts';
import type { InjectRequest } from '@ringfort/contracts/injection.ts';
import { Problem } from '@ringfort/contracts/problem.ts';
import type { Clock } from '@ringfort/kit/clock.ts';

import type { EngineClient } from './engine-client.ts';
import { listBridges, listPairs } from './environment-bridges.ts';
import { flushRules } from './flush-rules.ts';
import { closeMarked, markOf, openBetween } from './host-rules.ts';
import type { Break } from './leases.ts';
import { injectorLimits as limits } from './limits.ts';
import { startListener, type Listener } from './start-listener.ts';
import { listThrowawayWorkloads, type ThrowawayWorkload } from './throwaway-workloads.ts';

/**
 * How a request breaks.
 *
 * - `flush-rules` opens the way between the environment and every other throw-away one: both have walls of their own, and the host has one
 *   between them, so that any of the three alone would still hold.
 * - `start-listener` opens the environment's own workloads to each other, and one of them listens on a port that it should not.
 */
export function prepareBreak(request: InjectRequest, options: BreakOptions): Break {
  const { environmentId: id } = request;
  const mark = markOf(options.instance, options.leaseId);
  const look = rarely(options.clock, async (): Promise<Look> => {
    const { engine, instance } = options;
    const [workloads, bridges] = await Promise.all([
      listThrowawayWorkloads(engine, instance),
      listBridges(engine, instance),
    ]);
    if (workloads.some(({ environmentId }) => environmentId === id)) return { workloads, bridges };
    throw new Problem(
      'not-found',
      `There is no throw-away environment ${id} with running workloads. Nothing else may be broken.`,
    );
  });
  if (request.injection === 'flush-rules') {
    return {
      repeat: async () => {
        const { workloads, bridges } = await look();
        const peers = [...new Set(workloads.map(({ environmentId }) => environmentId))].filter((peer) => peer !== id);
        await Promise.all([...workloads.map(flushRules), openBetween(listPairs(id, peers, bridges), mark)]);
      },
      undo: () => closeMarked(mark),
    };
  }
  let listener: Listener | undefined;
  return {
    repeat: async () => {
      const { workloads } = await look();
      const own = workloads.filter(({ environmentId }) => environmentId === id);
      await Promise.all(own.map(flushRules));
      listener ??= await startListener(pick(own, request.workload), request.port);
    },
    undo: async () => {
      listener?.stop();
      return Promise.resolve();
    },
  };
}

type Look = { readonly workloads: readonly ThrowawayWorkload[]; readonly bridges: ReadonlyMap<string, string> };

/** Asks again only after a while. A namespace's name is never used again, so what was thrown away since is merely not there. */
function rarely<T>(clock: Clock, ask: () => Promise<T>): () => Promise<T> {
  let last: { readonly atMs: number; readonly value: T } | undefined;
  return async () => {
    const atMs = clock.nowMs();
    if (last === undefined || atMs - last.atMs >= limits.lookEveryMs) last = { atMs, value: await ask() };
    return last.value;
  };
}

export type BreakOptions = {
  readonly engine: EngineClient;
  readonly instance: string;
  readonly leaseId: string;
  readonly clock: Clock;
};

function pick(workloads: readonly ThrowawayWorkload[], wanted: WorkloadRef): ThrowawayWorkload {
  const found = workloads.find(({ ref }) => {
    if (ref.kind !== wanted.kind || ref.name !== wanted.name) return false;
    if (ref.kind === 'service' || wanted.kind === 'service') return true;
    return ref.replica === wanted.replica && (wanted.releaseId ?? ref.releaseId) === ref.releaseId;
  });
  if (found !== undefined) return found;
  throw new Problem('not-found', `There is no ${wanted.kind} “${wanted.name}” in the environment.`);
}
