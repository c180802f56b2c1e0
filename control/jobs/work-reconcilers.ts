import type { Job, PgBoss } from 'pg-boss';
import { z } from 'zod';

import { WorkspaceId } from '@ringfort/contracts/identifiers.ts';
import type { Log } from '@ringfort/kit/log.ts';
import { wait } from '@ringfort/kit/wait.ts';

import { claim } from '../db/claim.ts';
import type { Database } from '../db/database.ts';
import { controlLimits as limits } from '../limits.ts';
import type { NudgeTarget } from './nudge.ts';
import type { Reconciler } from './reconciler.ts';

/**
 * Works off the nudges of all reconcilers and wakes each by its timer. Of several controls one works on a thing at a time; the others
 * put the nudge back. Starts as soon as the database answers and resolves when `signal` is aborted and the running ones have ended.
 */
export async function workReconcilers(options: WorkOptions): Promise<void> {
  const { boss, reconcilers, log } = options;
  if (!(await startBoss(options))) return;
  for (const reconciler of reconcilers)
    await boss.work<unknown>(
      reconciler.queue,
      {
        localConcurrency: reconciler.atOnceMax,
        batchSize: 1,
        pollingIntervalSeconds: 2,
        notifyPollingIntervalSeconds: 5,
      },
      async (jobs) => {
        for (const job of jobs) await workNudge(reconciler, job, options);
      },
    );
  log.info('The reconcilers are at work', { queues: reconcilers.map((reconciler) => reconciler.queue) });
  await Promise.all(reconcilers.map((reconciler) => nudgeByTimer(reconciler, options)));
  await boss.stop({ graceful: true, timeout: limits.stopTimeoutMs });
}

export type WorkOptions = {
  readonly boss: PgBoss;
  /** As the reconcilers' role; claims hold a connection while a thing is worked on. */
  readonly claims: Database;
  readonly reconcilers: readonly Reconciler[];
  readonly log: Log;
  readonly signal: AbortSignal;
};

const Payload = z.object({ workspaceId: WorkspaceId, id: z.string().max(100) });

async function startBoss({ boss, log, signal }: WorkOptions): Promise<boolean> {
  while (!signal.aborted) {
    try {
      await boss.start();
      return true;
    } catch (error) {
      log.warn('The queue cannot start yet', { error });
      await boss.stop({ graceful: false });
      await wait(limits.databaseRetryMs, signal);
    }
  }
  return false;
}

async function workNudge(
  reconciler: Reconciler,
  job: Job<unknown>,
  { claims, signal, log }: WorkOptions,
): Promise<void> {
  const target = Payload.parse(job.data);
  const name = `${reconciler.queue}/${target.id}`;
  try {
    const isDone = await claim(claims, name, () => reconciler.reconcile(target, signal));
    if (!isDone) throw new Error(`${name} is being worked on; the nudge comes back`);
  } catch (error) {
    if (!signal.aborted) log.debug('A nudge comes back', { name, error });
    throw error;
  }
}

async function nudgeByTimer(reconciler: Reconciler, { boss, log, signal }: WorkOptions): Promise<void> {
  while (!signal.aborted) {
    try {
      const targets = await reconciler.list();
      const jobs = targets.map((target: NudgeTarget) => ({ data: { ...target }, singletonKey: target.id }));
      if (jobs.length > 0) await boss.insert(reconciler.queue, jobs);
    } catch (error) {
      log.warn('A timer could not nudge', { queue: reconciler.queue, error });
    }
    await wait(reconciler.everyMs, signal);
  }
}
