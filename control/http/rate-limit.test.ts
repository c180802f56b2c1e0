import assert from 'node:assert/strict';
import { test } from 'node:test';

import { controlLimits } from '../limits.ts';
import { createRateLimit } from './rate-limit.ts';

test('createRateLimit() lets a burst through, then so many a second, for each token apart', () => {
  let nowMs = 0;
  const take = createRateLimit({ nowMs: () => nowMs });
  for (let count = 0; count < controlLimits.requestBurstMax; count += 1) take('a');
  assert.throws(() => take('a'), { code: 'too-many-requests' });
  take('b');
  nowMs += 1_000;
  for (let count = 0; count < controlLimits.requestsPerSecondMax; count += 1) take('a');
  assert.throws(() => take('a'), { code: 'too-many-requests' });
});

test('createRateLimit() forgets the tokens that were quiet for longest when there are too many', () => {
  const take = createRateLimit({ nowMs: () => 0 });
  for (let count = 0; count < controlLimits.requestBurstMax; count += 1) take('a');
  for (let count = 0; count < controlLimits.rateBucketsMax; count += 1) take(`other-${count}`);
  take('a');
});
