import type { Clock } from '@ringfort/kit/clock.ts';
import type { Driver, EnvironmentPlan, HealthAnswer, WorkloadPlan } from '@ringfort/drivers/driver.ts';

import type { Environment } from './environment.ts';
import { recordHealth } from './record-health.ts';

/** Asks workloads for their health beside the loop, so that one that answers slowly does not hold up its environment. */
export type HealthChecker = {
  /** Begins the checks that are due. */
  readonly checkDue: () => void;
  /** When the next one is due, for workloads that run. */
  readonly nextDueAtMs: () => number;
};

/** `onChange` is called after each answer. */
export function createHealthChecker(environment: Environment, tools: HealthTools): HealthChecker {
  const running = new Set<string>();
  const check = async (plan: EnvironmentPlan, workload: WorkloadPlan): Promise<void> => {
    const startedAt = environment.statuses.get(workload.key)?.startedAt;
    const answer = await askHealth(tools.driver, { plan, workload });
    running.delete(workload.key);
    const status = environment.statuses.get(workload.key);
    const isSame = status?.isRunning === true && status.startedAt === startedAt && status.digest === workload.digest;
    if (!isSame) return;
    const moment = { nowMs: tools.clock.nowMs(), random: tools.random };
    const next = recordHealth(status, { plan: workload, answer }, moment);
    environment.statuses = new Map(environment.statuses).set(workload.key, next);
    tools.onChange();
  };
  const candidates = (): readonly WorkloadPlan[] =>
    (environment.plan?.workloads ?? []).filter(({ key }) => {
      const status = environment.statuses.get(key);
      return status?.isRunning === true && status.heldUntilMs === null && !running.has(key);
    });
  const dueAtMs = (workload: WorkloadPlan): number => environment.statuses.get(workload.key)?.nextCheckAtMs ?? 0;
  return {
    checkDue: () => {
      const { plan } = environment;
      if (plan === undefined) return;
      for (const workload of candidates().filter((one) => dueAtMs(one) <= tools.clock.nowMs())) {
        running.add(workload.key);
        void check(plan, workload);
      }
    },
    nextDueAtMs: () => Math.min(...candidates().map(dueAtMs)),
  };
}

export type HealthTools = {
  readonly driver: Pick<Driver, 'checkHealth'>;
  readonly clock: Clock;
  readonly random: () => number;
  readonly onChange: () => void;
};

/** A check that cannot be made is no answer of the workload's, but it is not healthy as far as anybody can tell. */
async function askHealth(driver: Pick<Driver, 'checkHealth'>, { plan, workload }: Asked): Promise<HealthAnswer> {
  try {
    return await driver.checkHealth(plan, workload);
  } catch {
    return { healthy: false, reason: 'the health check could not be made' };
  }
}

type Asked = { readonly plan: EnvironmentPlan; readonly workload: WorkloadPlan };
