import assert from 'node:assert/strict';

import type { Driver, EnvironmentPlan, WorkloadPlan } from '../driver.ts';
import { withWorkloads } from '../test-plans.ts';

/**
 * Runs a script as the application of a plan, in the place and with the rights of an application, and gives its lines once it has said
 * that it is through. The plan stays applied.
 */
export async function runAsApplication(
  driver: Driver,
  plan: EnvironmentPlan,
  script: string,
): Promise<readonly string[]> {
  const changed = scripted(plan, script);
  await driver.apply(changed);
  return readLines(driver, changed, (lines) => lines.includes('through'));
}

/** The plan with a script in the place of its application. */
export function scripted(plan: EnvironmentPlan, script: string, changes: Partial<WorkloadPlan> = {}): EnvironmentPlan {
  const command = ['bash', '-c', `${script}\necho through\nsleep infinity`];
  return withWorkloads(plan, ({ ref }) => (ref.kind === 'component' ? { command, ...changes } : {}));
}

/** Follows the application's log until `isEnough`; gives up after half a minute. */
export async function readLines(
  driver: Driver,
  plan: EnvironmentPlan,
  isEnough: (lines: readonly string[]) => boolean,
): Promise<readonly string[]> {
  const giveUp = AbortSignal.timeout(30_000);
  const keys = plan.workloads.filter(({ ref }) => ref.kind === 'component').map(({ key }) => key);
  const request = { place: plan.place, keys, tailLines: 10_000, follow: true, signal: giveUp };
  const lines: string[] = [];
  for await (const { line } of driver.streamLogs(request)) {
    lines.push(line);
    if (isEnough(lines)) return lines;
  }
  return assert.fail(`The application said only: ${lines.join(' | ')}`);
}
