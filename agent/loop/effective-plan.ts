import type { EnvironmentPlan, ObservedContainer } from '@ringfort/drivers/driver.ts';

import type { WorkloadStatus } from './workload-status.ts';

export type Statuses = ReadonlyMap<string, WorkloadStatus>;

/**
 * The plan as it is to be now: what failed is held back until its next try. An application that runs and is unhealthy is held as well,
 * which stops it, until it is seen to have stopped.
 */
export function effectivePlan(plan: EnvironmentPlan, statuses: Statuses, nowMs: number): EnvironmentPlan {
  const isHeld = (key: string): boolean => {
    const status = statuses.get(key);
    if (status === undefined || status.heldUntilMs === null) return false;
    return status.isRunning || status.heldUntilMs > nowMs;
  };
  return { ...plan, held: plan.workloads.map(({ key }) => key).filter(isHeld) };
}

/** Whether what there is differs from the plan: something should run and does not, or is there and should not be. */
export function isOffPlan(plan: EnvironmentPlan, containers: readonly ObservedContainer[]): boolean {
  const planned = new Set(plan.workloads.map(({ key }) => key));
  if (containers.some(({ key }) => !planned.has(key))) return true;
  return plan.workloads.some(({ key, digest }) => {
    const container = containers.find((one) => one.key === key);
    if (plan.held.includes(key)) return container?.state === 'running';
    return container === undefined || container.digest !== digest || container.state !== 'running';
  });
}
