import type { EnvironmentId } from '@ringfort/contracts/identifiers.ts';
import type { Clock } from '@ringfort/kit/clock.ts';
import type { Driver, ObservedContainer, ObservedPlace } from '@ringfort/drivers/driver.ts';

import { agentLimits as limits } from '../limits.ts';

/** Looks at the engine for all environments together: one look costs as much as all their workloads. */
export type PlaceObserver = {
  /** The containers of an environment as they are after the call. */
  readonly lookAnew: (id: EnvironmentId) => Promise<readonly ObservedContainer[]>;
  /** As they were a moment ago, but never older than what was told before. */
  readonly look: (id: EnvironmentId) => Promise<readonly ObservedContainer[]>;
};

/**
 * A look that has begun already may be older than the question, so everyone who asks anew meanwhile shares the next one. How long a look
 * counts as recent grows with the time that it took, so that looking never takes more than a small part of the machine.
 */
export function createPlaceObserver(driver: Pick<Driver, 'observe'>, clock: Clock): PlaceObserver {
  let last: Look | undefined;
  let running: Promise<Look> | undefined;
  let next: Promise<Look> | undefined;
  const begin = (): Promise<Look> => {
    const look = takeLook(driver, clock).finally(() => (running = undefined));
    running = look;
    return look.then((taken) => (last = taken));
  };
  const after = (current: Promise<Look>): Promise<Look> => {
    const follow = (): Promise<Look> => {
      next = undefined;
      return begin();
    };
    next ??= current.then(follow, follow);
    return next;
  };
  const takeNew = (): Promise<Look> => (running === undefined ? (next ?? begin()) : after(running));
  const isRecent = ({ atMs, tookMs }: Look): boolean => {
    const ageMsMax = Math.max(limits.lookAgeMsMax, tookMs * limits.lookRestFactor);
    return clock.nowMs() - atMs < Math.min(ageMsMax, limits.lookAgeMsCeiling);
  };
  return {
    lookAnew: async (id) => pick(await takeNew(), id),
    look: async (id) => pick(last !== undefined && isRecent(last) ? last : await takeNew(), id),
  };
}

type Look = { readonly places: readonly ObservedPlace[]; readonly atMs: number; readonly tookMs: number };

async function takeLook(driver: Pick<Driver, 'observe'>, clock: Clock): Promise<Look> {
  const beganAtMs = clock.nowMs();
  const places = await driver.observe();
  const atMs = clock.nowMs();
  return { places, atMs, tookMs: atMs - beganAtMs };
}

function pick({ places }: Look, id: EnvironmentId): readonly ObservedContainer[] {
  return places.find(({ environmentId }) => environmentId === id)?.workloads ?? [];
}
