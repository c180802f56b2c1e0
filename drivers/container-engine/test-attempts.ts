import assert from 'node:assert/strict';
import { isIPv6 } from 'node:net';
import { networkInterfaces } from 'node:os';

import type { Place, ProbeAttempt, ProbeOutcome } from '@ringfort/contracts/probe.ts';
import { wait } from '@ringfort/kit/wait.ts';

import type { Driver, EnvironmentPlan } from '../driver.ts';

/** Attempts of tests from any place; `plans` are the environments that places may name. */
export type Attempts = {
  readonly make: (from: Place, attempt: ProbeAttempt) => Promise<ProbeOutcome>;
  readonly assertAnswered: (from: Place, attempt: ProbeAttempt) => Promise<void>;
  /** Nothing comes back from any of the places: no connection, no refusal that would show that packets get through. */
  readonly assertClosed: (from: readonly Place[], attempt: ProbeAttempt) => Promise<void>;
};

/** Makes attempts through `driver`. Half a second is enough for an answer on one machine. */
export function createAttempts(driver: Driver, plans: readonly EnvironmentPlan[]): Attempts {
  const make = async (from: Place, attempt: ProbeAttempt): Promise<ProbeOutcome> => {
    const answer = await driver.probe({ action: 'attempt', from, attempts: [attempt], timeoutMs: 500 }, plans);
    assert.ok(answer.action === 'attempt' && answer.outcomes[0] !== undefined);
    return answer.outcomes[0];
  };
  return {
    make,
    assertAnswered: async (from, attempt) => {
      assert.equal((await make(from, attempt)).outcome, 'answered', describe(from, attempt));
    },
    assertClosed: async (places, attempt) => {
      const outcomes = await Promise.all(places.map(async (from) => ({ from, ...(await make(from, attempt)) })));
      for (const { from, outcome } of outcomes)
        assert.ok(outcome === 'timeout' || outcome === 'unreachable', `${describe(from, attempt)}: ${outcome}`);
    },
  };
}

/** A TCP attempt that waits for what the other side says first. */
export function tcp(address: string, port: number, payload = ''): ProbeAttempt {
  return { protocol: 'tcp', address, port, payload };
}

/** The place inside one of a plan's workloads. */
export function placeIn(plan: EnvironmentPlan, kind: 'component' | 'service'): Place {
  const found = plan.workloads.find(({ ref }) => ref.kind === kind);
  assert.ok(found !== undefined);
  return { kind: 'workload', environmentId: plan.place.environmentId, workload: found.ref };
}

/** The first address of an interface of the host, of the family that is wanted; IPv6 is link-local first. */
export function addressOf(interfaceName: string, family: 'IPv4' | 'IPv6'): string {
  const found = networkInterfaces()[interfaceName]?.find(({ address }) => isIPv6(address) === (family === 'IPv6'));
  assert.ok(found !== undefined, `${interfaceName} has no ${family} address`);
  return found.address;
}

/** Waits until all workloads of a plan are healthy. */
export async function untilHealthy(driver: Driver, plan: EnvironmentPlan): Promise<void> {
  const giveUp = AbortSignal.timeout(30_000);
  for (const workload of plan.workloads)
    for (;;) {
      const { healthy, reason } = await driver.checkHealth(plan, workload);
      if (healthy) break;
      assert.ok(!giveUp.aborted, `${workload.key} is not healthy: ${reason}`);
      await wait(50);
    }
}

function describe(from: Place, attempt: ProbeAttempt): string {
  return `${JSON.stringify(attempt)} from ${JSON.stringify(from)}`;
}
