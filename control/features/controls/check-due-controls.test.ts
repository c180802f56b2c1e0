import assert from 'node:assert/strict';
import { test } from 'node:test';

import { isDue } from './check-due-controls.ts';
import { control } from './control.ts';

const everyFiveMinutes = control({
  id: 'x',
  claim: 'x',
  supports: [],
  everyMs: 300_000,
  verify: () => Promise.reject(new Error('not run here')),
  breakIt: () => Promise.reject(new Error('not run here')),
});
const at = (minute: number): string => new Date(minute * 60_000).toISOString();

test('isDue() is true for a control that was never checked', () => {
  assert.equal(isDue(everyFiveMinutes, { checkedAt: null, nowMs: 0 }), true);
  assert.equal(isDue(everyFiveMinutes, { checkedAt: undefined, nowMs: 0 }), true);
});

test('isDue() follows ticks of the clock, not the time since the last check', () => {
  assert.equal(isDue(everyFiveMinutes, { checkedAt: at(4), nowMs: 5 * 60_000 }), true);
  assert.equal(isDue(everyFiveMinutes, { checkedAt: at(5), nowMs: 9 * 60_000 }), false);
});
