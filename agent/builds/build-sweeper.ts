import type { EnvironmentId } from '@ringfort/contracts/identifiers.ts';
import type { Log } from '@ringfort/kit/log.ts';
import type { Driver } from '@ringfort/drivers/driver.ts';

import type { Environment } from '../loop/environment.ts';
import { isBuildKey } from '../plan/workload-key.ts';
import type { EnvironmentStore } from '../store/environment-store.ts';
import { listKeptImages } from './finished-builds.ts';

/** Clears what builds leave behind, never while one of the environment runs: the driver cannot tell a dead build from a live one. */
export type BuildSweeper = {
  /** Before the first build of this agent in the environment; waits for a sweep that is under way. */
  readonly sweepOnce: (environment: Environment) => Promise<void>;
  /** After a build: images that nobody needs any more. A failure waits for the next sweep. */
  readonly sweepAgain: (environment: Environment) => void;
  /** Resolves when no sweep of the environment is under way. */
  readonly settled: (id: EnvironmentId) => Promise<void>;
};

/** `isBusy` says whether a build of the environment runs. Nothing is swept before the first call. */
export function createBuildSweeper(tools: SweeperTools, isBusy: (id: EnvironmentId) => boolean): BuildSweeper {
  const sweeps = new Map<EnvironmentId, Promise<void>>();
  const sweep = async (environment: Environment): Promise<void> => {
    const keep = await listKeptImages(tools.store, environment);
    await tools.driver.sweepBuilds(environment.id, { keep });
    await environment.addresses.release(isBuildKey);
  };
  const begin = (environment: Environment): Promise<void> => {
    const mine = sweep(environment).catch((error: unknown) => {
      sweeps.delete(environment.id);
      throw error;
    });
    sweeps.set(environment.id, mine);
    return mine;
  };
  return {
    sweepOnce: (environment) => sweeps.get(environment.id) ?? begin(environment),
    settled: async (id) => void (await Promise.allSettled([sweeps.get(id)])),
    sweepAgain: (environment) => {
      if (isBusy(environment.id) || environment.spec.state === 'removed') return;
      begin(environment).catch((error: unknown) => {
        tools.log.warn('Builds not swept', { environmentId: environment.id, error });
      });
    },
  };
}

export type SweeperTools = {
  readonly store: EnvironmentStore;
  readonly driver: Pick<Driver, 'sweepBuilds'>;
  readonly log: Log;
};
