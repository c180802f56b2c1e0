import type { WorkloadState } from '@ringfort/contracts/agent-requests.ts';
import { backOffMs } from '@ringfort/kit/back-off.ts';
import type { ObservedContainer, WorkloadPlan } from '@ringfort/drivers/driver.ts';

import { agentLimits as limits } from '../limits.ts';

/** What the agent remembers of a workload between two looks at it. Lost with the agent; the next look makes it anew. */
export type WorkloadStatus = {
  readonly digest: string;
  readonly state: WorkloadState;
  readonly reason: string;
  readonly isRunning: boolean;
  /** How often it was started again, and how often in a row without a steady time between. */
  readonly restarts: number;
  readonly attempts: number;
  /** Of its newest start, as the driver says it. */
  readonly startedAt: string | null;
  readonly healthySinceMs: number | null;
  /** Health checks that failed, in a row. */
  readonly failures: number;
  readonly nextCheckAtMs: number;
  /** Not to be started before; null when nothing holds it. */
  readonly heldUntilMs: number | null;
};

export type Moment = { readonly nowMs: number; readonly random: () => number };

/** The status after a look at its container; `container` is undefined when there is none. */
export function observeWorkload(
  observed: Observed,
  status: WorkloadStatus | undefined,
  moment: Moment,
): WorkloadStatus {
  const { plan, container } = observed;
  const before = status?.digest === plan.digest ? status : fresh(plan);
  if (container === undefined || container.digest !== plan.digest) return observeAbsence(before);
  // The next `apply` repairs it, perhaps without a new start; what is known of it holds until then.
  if (container.state === 'broken') return before;
  if (container.state === 'exited') return observeExit(container, before, moment);
  if (before.isRunning && before.startedAt === container.startedAt) return forgetAttempts(before, moment);
  return {
    ...before,
    isRunning: true,
    state: 'starting',
    reason: before.startedAt === null ? '' : before.reason,
    restarts: before.startedAt === null ? 0 : before.restarts + 1,
    startedAt: container.startedAt,
    healthySinceMs: null,
    failures: 0,
    nextCheckAtMs: moment.nowMs,
    heldUntilMs: null,
  };
}

export type Observed = { readonly plan: WorkloadPlan; readonly container: ObservedContainer | undefined };

/** Holds a workload back for a while, longer with each attempt, before it is started again. */
export function holdWorkload(status: WorkloadStatus, moment: Moment): WorkloadStatus {
  const { restartDelayMsMin: delayMsMin, restartDelayMsMax: delayMsMax } = limits;
  const delayMs = backOffMs(status.attempts, { delayMsMin, delayMsMax, random: moment.random });
  return { ...status, attempts: status.attempts + 1, heldUntilMs: moment.nowMs + delayMs };
}

function observeAbsence(before: WorkloadStatus): WorkloadStatus {
  if (!before.isRunning) return before;
  if (before.heldUntilMs !== null) return { ...before, isRunning: false };
  return { ...before, isRunning: false, state: 'stopped', reason: 'its container is gone' };
}

function observeExit(container: ObservedContainer, before: WorkloadStatus, moment: Moment): WorkloadStatus {
  const isSameStart = before.startedAt === container.startedAt;
  if (isSameStart && !before.isRunning) return before;
  // One that ran and was held was stopped by the agent itself, and keeps its reason.
  if (isSameStart && before.heldUntilMs !== null) return { ...before, isRunning: false };
  const reason = container.outOfMemory ? 'out of memory' : `exit code ${container.exitCode ?? 'unknown'}`;
  const restarts = isSameStart || before.startedAt === null ? before.restarts : before.restarts + 1;
  const { startedAt } = container;
  const stopped = { ...before, isRunning: false, state: 'stopped' as const, reason, startedAt, restarts };
  return holdWorkload({ ...stopped, healthySinceMs: null }, moment);
}

function forgetAttempts(status: WorkloadStatus, { nowMs }: Moment): WorkloadStatus {
  const isSteady = status.healthySinceMs !== null && nowMs - status.healthySinceMs >= limits.steadyAfterMs;
  return isSteady && status.attempts > 0 ? { ...status, attempts: 0 } : status;
}

function fresh({ digest }: WorkloadPlan): WorkloadStatus {
  return {
    digest,
    state: 'starting',
    reason: 'not started yet',
    isRunning: false,
    restarts: 0,
    attempts: 0,
    startedAt: null,
    healthySinceMs: null,
    failures: 0,
    nextCheckAtMs: 0,
    heldUntilMs: null,
  };
}
