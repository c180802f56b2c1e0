import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { EnvironmentPlan, ObservedContainer, WorkloadPlan } from '@ringfort/drivers/driver.ts';

import { noCredentials, planCredentials } from '../plan/credentials.ts';
import { environmentPlace } from '../plan/environment-place.ts';
import { planEnvironment } from '../plan/plan-environment.ts';
import { testSpec } from '../test-spec.ts';
import { effectivePlan, isOffPlan } from './effective-plan.ts';
import { recordHealth } from './record-health.ts';
import { observeWorkload, type WorkloadStatus } from './workload-status.ts';

const config = { network: '10.89.0.0/16', interfacePrefix: 'rf3a9c-', uidBase: 0x1000_0000 };
const plan = makePlan();
const [database, web] = plan.workloads;
const startMs = Date.parse('2026-01-01T00:00:00.000Z');

test('observeWorkload() sees a start, and a new start by its time', () => {
  const first = look(web, { state: 'running' });
  assert.deepEqual([first.state, first.isRunning, first.restarts], ['starting', true, 0]);
  const healthy = recordHealth(first, { plan: need(web), answer: { healthy: true, reason: '' } }, at(1));
  assert.equal(look(web, { state: 'running' }, healthy), healthy);
  const again = look(web, { state: 'running', startedAt: time(5) }, healthy);
  assert.deepEqual([again.state, again.restarts, again.healthySinceMs], ['starting', 1, null]);
});

test('observeWorkload() holds back what ended, longer each time, and tells why', () => {
  let status: WorkloadStatus | undefined;
  const delays: number[] = [];
  for (const second of [0, 1, 2, 3]) {
    status = look(web, { state: 'exited', exitCode: 1, startedAt: time(second) }, status);
    delays.push((status.heldUntilMs ?? 0) - startMs);
  }
  assert.deepEqual([status?.state, status?.reason, status?.restarts], ['stopped', 'exit code 1', 3]);
  assert.deepEqual(delays, [1_000, 1_500, 2_500, 4_500]);
  assert.equal(look(web, { state: 'exited', exitCode: 1, startedAt: time(3) }, status), status);
});

test('observeWorkload() names a lack of memory', () => {
  assert.equal(look(web, { state: 'exited', exitCode: 137, outOfMemory: true }).reason, 'out of memory');
});

test('observeWorkload() does not take a repair of rules for a new start', () => {
  const healthy = recordHealth(
    look(web, { state: 'running' }),
    { plan: need(web), answer: { healthy: true, reason: '' } },
    at(1),
  );
  assert.equal(look(web, { state: 'running' }, look(web, { state: 'broken', startedAt: null }, healthy)), healthy);
});

test('observeWorkload() sees that a container is gone', () => {
  const gone = observeWorkload({ plan: need(web), container: undefined }, look(web, { state: 'running' }), at(1));
  assert.deepEqual([gone.state, gone.isRunning, gone.heldUntilMs], ['stopped', false, null]);
});

test('observeWorkload() begins anew when the plan asks for another container', () => {
  const old = look(web, { state: 'exited', exitCode: 1 });
  const changed = { ...need(web), digest: 'other' };
  const next = observeWorkload({ plan: changed, container: container(web, { state: 'exited' }) }, old, at(0));
  assert.deepEqual([next.state, next.heldUntilMs, next.attempts], ['starting', null, 0]);
});

test('observeWorkload() forgets failed attempts after a steady minute', () => {
  const failed = look(web, { state: 'exited', exitCode: 1 });
  const started = look(web, { state: 'running', startedAt: time(2) }, failed);
  const healthy = recordHealth(started, { plan: need(web), answer: { healthy: true, reason: '' } }, at(2));
  const running = container(web, { state: 'running', startedAt: time(2) });
  const soon = observeWorkload({ plan: need(web), container: running }, healthy, at(30));
  const later = observeWorkload({ plan: need(web), container: running }, healthy, at(62));
  assert.deepEqual([soon.attempts, later.attempts], [1, 0]);
});

test('recordHealth() is patient until the start time is over, then counts to three', () => {
  const bad = { plan: need(web), answer: { healthy: false, reason: 'GET /healthz answered 500' } };
  const early = recordHealth(look(web, { state: 'running' }), bad, at(29));
  assert.deepEqual([early.state, early.heldUntilMs], ['starting', null]);
  const two = recordHealth(early, bad, at(31));
  assert.equal(two.heldUntilMs, null);
  const three = recordHealth(two, bad, at(33));
  assert.deepEqual([three.state, three.reason], ['unhealthy', 'GET /healthz answered 500']);
  assert.notEqual(three.heldUntilMs, null);
});

test('recordHealth() never asks for a new start of a service', () => {
  const bad = { plan: need(database), answer: { healthy: false, reason: 'no greeting' } };
  let status = look(database, { state: 'running' });
  for (const second of [121, 123, 125, 127]) status = recordHealth(status, bad, at(second));
  assert.deepEqual([status.state, status.heldUntilMs], ['unhealthy', null]);
});

test('effectivePlan() stops an unhealthy application, then starts it again', () => {
  const bad = { plan: need(web), answer: { healthy: false, reason: 'no answer' } };
  let status = look(web, { state: 'running' });
  for (const second of [31, 33, 35]) status = recordHealth(status, bad, at(second));
  assert.deepEqual(heldKeys(status, 35), [need(web).key]);
  assert.deepEqual(heldKeys(status, 50), [need(web).key], 'also when its time is over before it was stopped');
  const stopped = look(web, { state: 'exited', exitCode: 143 }, status);
  assert.deepEqual([stopped.state, stopped.reason, stopped.attempts], ['unhealthy', 'no answer', 1]);
  assert.deepEqual([heldKeys(stopped, 35), heldKeys(stopped, 50)], [[need(web).key], []]);
});

test('effectivePlan() holds what ended, and isOffPlan() waits for it', () => {
  const running = plan.workloads.map((one) => container(one, { state: 'running' }));
  const exited = running.map((one) => (one.key === need(web).key ? { ...one, state: 'exited' as const } : one));
  const statuses = new Map([[need(web).key, look(web, { state: 'exited', exitCode: 1 })]]);
  const now = effectivePlan(plan, statuses, startMs);
  const later = effectivePlan(plan, statuses, startMs + 1_001);
  assert.deepEqual([now.held, later.held], [[need(web).key], []]);
  assert.deepEqual([isOffPlan(now, exited), isOffPlan(later, exited)], [false, true]);
  assert.equal(isOffPlan(now, running), true, 'one that is held and runs has to be stopped');
});

test('isOffPlan() notices what is missing, broken, outdated or too much', () => {
  const all = plan.workloads.map((one) => container(one, { state: 'running' }));
  const [first] = all;
  assert.equal(isOffPlan(plan, all), false);
  assert.equal(isOffPlan(plan, all.slice(1)), true);
  assert.equal(isOffPlan(plan, [...all, { ...need(first), key: 'component/old' }]), true);
  for (const parts of [{ state: 'broken' as const }, { state: 'exited' as const }, { digest: 'old' }]) {
    assert.equal(isOffPlan(plan, [{ ...need(first), ...parts }, ...all.slice(1)]), true);
  }
});

function heldKeys(status: WorkloadStatus, second: number): readonly string[] {
  return effectivePlan(plan, new Map([[need(web).key, status]]), at(second).nowMs).held;
}

function makePlan(): EnvironmentPlan {
  const spec = testSpec();
  const place = environmentPlace(
    { environmentId: spec.environmentId, uidIndex: 1, subnetIndex: 1, throwaway: false },
    config,
  );
  const images = { pause: 'pause', 'node@24': 'node', 'mysql@11.8': 'mysql' };
  const credentials = planCredentials(spec, noCredentials, () => 'password');
  return planEnvironment({ spec, place, addressOf: () => '10.89.0.66', credentials, images });
}

function look(
  of: WorkloadPlan | undefined,
  parts: Partial<ObservedContainer>,
  status?: WorkloadStatus,
): WorkloadStatus {
  return observeWorkload({ plan: need(of), container: container(of, parts) }, status, at(0));
}

function container(of: WorkloadPlan | undefined, parts: Partial<ObservedContainer>): ObservedContainer {
  const { key, digest } = need(of);
  return { key, digest, state: 'running', exitCode: null, outOfMemory: false, startedAt: time(0), ...parts };
}

function need<T>(value: T | undefined): T {
  assert.notEqual(value, undefined);
  if (value === undefined) throw new Error('Missing');
  return value;
}

/** With `random` at one half, delays lie in the middle of their range. */
function at(second: number): { nowMs: number; random: () => number } {
  return { nowMs: startMs + second * 1_000, random: () => 0.5 };
}

function time(second: number): string {
  return new Date(startMs + second * 1_000).toISOString();
}
