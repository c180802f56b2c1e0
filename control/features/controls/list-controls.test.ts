import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { ControlResult } from '@ringfort/contracts/api/controls.ts';

import { allControls } from './all-controls.ts';
import { describeControl } from './list-controls.ts';

const [control] = allControls;
assert.ok(control !== undefined);
const checkedAt = new Date(0).toISOString();
const result: ControlResult = { id: control.id, state: 'pass', seenFrom: [], checkedAt, durationMs: 1, evidence: null };

test('describeControl() calls a control that was never checked unknown', () => {
  const { state, provenAbleToFailAt } = describeControl(control, { nowMs: 0, result: undefined, provenAt: undefined });
  assert.deepEqual({ state, provenAbleToFailAt }, { state: 'unknown', provenAbleToFailAt: null });
});

test('describeControl() shows the newest result until three intervals have passed, then calls it stale', () => {
  const stateAt = (nowMs: number): string => describeControl(control, { nowMs, result, provenAt: undefined }).state;
  assert.equal(stateAt(control.everyMs * 3), 'pass');
  assert.equal(stateAt(control.everyMs * 3 + 1), 'stale');
});

test('describeControl() calls a failed control failed', () => {
  const failed: ControlResult = { ...result, state: 'fail' };
  assert.equal(describeControl(control, { nowMs: 0, result: failed, provenAt: new Date(0) }).state, 'fail');
});

test('allControls have ids, claims and intervals of their own', () => {
  assert.equal(new Set(allControls.map(({ id }) => id)).size, allControls.length);
  for (const { claim, everyMs } of allControls) assert.ok(claim.length > 10 && everyMs >= 60_000);
});
