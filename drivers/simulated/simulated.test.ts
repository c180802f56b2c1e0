import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';

import { ComponentName } from '@ringfort/contracts/names.ts';
import { systemClock } from '@ringfort/kit/clock.ts';

import { testDriver } from '../conformance.ts';
import { testPlan, withWorkloads } from '../test-plans.ts';
import { createSimulatedDriver, sentinels } from './simulated.ts';

const site = { network: '10.201', interfacePrefix: 'rfsim-', uidBase: 0x30000000, image: 'simulated' };
const driver = await createSimulatedDriver({ clock: systemClock });

testDriver({
  name: 'simulated',
  driver: () => driver,
  site: () => site,
  failingBuild: { component: sentinels.failsBuild, command: undefined },
});

test('createSimulatedDriver() goes on from its file after a restart', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'ringfort-simulated-'));
  try {
    const options = { clock: systemClock, file: join(folder, 'state.json') };
    const first = await createSimulatedDriver(options);
    await first.apply(testPlan(site, 1));
    const before = await first.observe();
    assert.deepEqual(await (await createSimulatedDriver(options)).observe(), before);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('sentinels make a simulated application answer its health check badly, or late', async () => {
  let nowMs = Date.UTC(2026, 0, 1);
  const subject = await createSimulatedDriver({ clock: { nowMs: () => nowMs } });
  const named = (name: string) =>
    withWorkloads(testPlan(site, 1), ({ ref }) =>
      ref.kind === 'component' ? { ref: { ...ref, name: ComponentName.parse(name) } } : {},
    );
  const health = async (name: string) => {
    const plan = named(name);
    await subject.apply(plan);
    return Promise.all(plan.workloads.map(async (workload) => (await subject.checkHealth(plan, workload)).healthy));
  };
  assert.deepEqual(await health(sentinels.failsHealth), [true, false]);
  assert.deepEqual(await health(sentinels.slowStart), [true, false]);
  nowMs += 5_000;
  assert.deepEqual(await health(sentinels.slowStart), [true, true]);
});

test('createSimulatedDriver() refuses to probe', async () => {
  const request = { action: 'listeners', at: { kind: 'host' } } as const;
  await assert.rejects(driver.probe(request, []), /no network to probe/);
});
