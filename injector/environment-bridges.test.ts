import assert from 'node:assert/strict';
import { test } from 'node:test';

import { EnvironmentId } from '@ringfort/contracts/identifiers.ts';

import { listPairs } from './environment-bridges.ts';

const [one, two, three] = [3, 4, 5].map((number) =>
  EnvironmentId.parse(`01900000-0000-7000-8000-00000000000${number}`),
);

test('listPairs() pairs an environment with each other one, both ways, and those alone that have a bridge', () => {
  assert.ok(one !== undefined && two !== undefined && three !== undefined);
  const bridges = new Map<string, string>([
    [one, 'rf3a9c-1'],
    [two, 'rf3a9c-2'],
  ]);
  assert.deepEqual(listPairs(one, [two, three], bridges), [
    { from: 'rf3a9c-1', to: 'rf3a9c-2' },
    { from: 'rf3a9c-2', to: 'rf3a9c-1' },
  ]);
  assert.deepEqual(listPairs(three, [one, two], bridges), []);
});
