import type { InjectRequest } from '@ringfort/contracts/injection.ts';
import { Problem } from '@ringfort/contracts/problem.ts';
import type { Log } from '@ringfort/kit/log.ts';
import { wait } from '@ringfort/kit/wait.ts';

import { injectorLimits as limits } from './limits.ts';

/** What is broken now, each for a time. */
export type Leases = {
  /** Breaks, and resolves with the lease's id when it is broken for the first time. It is broken again and again until the lease ends. */
  readonly begin: (request: InjectRequest) => Promise<string>;
  /** Ends a lease and resolves when its traces are gone; nothing happens for one that is over. */
  readonly end: (leaseId: string) => Promise<void>;
  readonly endAll: () => Promise<void>;
};

/** How one lease breaks and how it is undone. */
export type Break = { readonly repeat: () => Promise<void>; readonly undo: () => Promise<void> };

/** Nothing is broken yet. `prepare` says how a request breaks; `makeId` makes the leases' ids. */
export function createLeases(options: LeasesOptions): Leases {
  const leases = new Map<string, Lease>();
  const begin = async (request: InjectRequest): Promise<string> => {
    if (leases.size >= limits.leasesMax) {
      throw new Problem('too-many-requests', `${limits.leasesMax} injections are under way. Heal one, or wait.`);
    }
    const leaseId = options.makeId();
    const stop = new AbortController();
    const ready = Promise.withResolvers<void>();
    const over = hold(request, { leaseId, stop: stop.signal, ready: ready.resolve });
    leases.set(leaseId, { stop, over });
    over.then(ready.resolve, ready.reject);
    await ready.promise;
    return leaseId;
  };
  const hold = async (request: InjectRequest, { leaseId, stop, ready }: Hold): Promise<void> => {
    const signal = AbortSignal.any([stop, AbortSignal.timeout(request.leaseMs)]);
    const { repeat, undo } = options.prepare(request, leaseId);
    options.log.info('Lease begins', { leaseId, ...request });
    try {
      await repeat();
      ready();
      while (!signal.aborted) {
        await wait(limits.repeatMs, signal);
        await repeatOnce(repeat, leaseId);
      }
    } finally {
      await undo();
      leases.delete(leaseId);
      options.log.info('Lease ends', { leaseId });
    }
  };
  /** The agent may be making anew what is to be broken; the next turn finds it. */
  const repeatOnce = async (repeat: Break['repeat'], leaseId: string): Promise<void> => {
    try {
      await repeat();
    } catch (error) {
      options.log.warn('Not broken this time', { leaseId, error });
    }
  };
  const end = async (leaseId: string): Promise<void> => {
    const lease = leases.get(leaseId);
    lease?.stop.abort();
    await lease?.over;
  };
  return {
    begin,
    end,
    endAll: async () => {
      await Promise.allSettled([...leases.keys()].map(end));
    },
  };
}

export type LeasesOptions = {
  readonly prepare: (request: InjectRequest, leaseId: string) => Break;
  readonly log: Log;
  readonly makeId: () => string;
};

type Lease = { readonly stop: AbortController; readonly over: Promise<void> };
type Hold = { readonly leaseId: string; readonly stop: AbortSignal; readonly ready: () => void };
