import type { HealthAnswer, WorkloadPlan } from '@ringfort/drivers/driver.ts';

import { agentLimits as limits } from '../limits.ts';
import { holdWorkload, type Moment, type WorkloadStatus } from './workload-status.ts';

/**
 * The status after a health check. A workload that starts may fail until its start time is over; later, three failures in a row make it
 * unhealthy, and a component is then started again. A service is not: its data is worth more than a quick try.
 */
export function recordHealth(status: WorkloadStatus, { plan, answer }: Checked, moment: Moment): WorkloadStatus {
  if (answer.healthy) return healthy(status, moment.nowMs);
  const failures = status.failures + 1;
  const failed = { ...status, failures, reason: answer.reason };
  if (isStarting(failed, plan, moment)) {
    return { ...failed, state: 'starting', nextCheckAtMs: moment.nowMs + startingIntervalMs(failed, moment) };
  }
  const again = { ...failed, nextCheckAtMs: moment.nowMs + limits.healthFailingIntervalMs };
  if (failures < limits.healthFailuresMax) return again;
  const unhealthy = { ...again, state: 'unhealthy' as const, healthySinceMs: null };
  return plan.ref.kind === 'component' ? holdWorkload(unhealthy, moment) : unhealthy;
}

export type Checked = { readonly plan: WorkloadPlan; readonly answer: HealthAnswer };

function healthy(status: WorkloadStatus, nowMs: number): WorkloadStatus {
  return {
    ...status,
    state: 'healthy',
    reason: '',
    failures: 0,
    healthySinceMs: status.healthySinceMs ?? nowMs,
    nextCheckAtMs: nowMs + limits.healthHealthyIntervalMs,
  };
}

function isStarting(status: WorkloadStatus, plan: WorkloadPlan, moment: Moment): boolean {
  return status.state === 'starting' && ageMs(status, moment) < plan.health.startSeconds * 1_000;
}

/** Quick at first, so that a release that starts quickly goes into service quickly. */
function startingIntervalMs(status: WorkloadStatus, moment: Moment): number {
  const isSlow = ageMs(status, moment) > limits.healthSlowStartAfterMs;
  return isSlow ? limits.healthFailingIntervalMs : limits.healthStartingIntervalMs;
}

function ageMs(status: WorkloadStatus, { nowMs }: Moment): number {
  return status.startedAt === null ? 0 : nowMs - Date.parse(status.startedAt);
}
