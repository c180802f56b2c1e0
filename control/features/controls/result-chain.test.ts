import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { ControlResult } from '@ringfort/contracts/api/controls.ts';

import { chainResult, chainStart, findBrokenLink, sortedJson } from './result-chain.ts';

const result = (state: ControlResult['state']): ControlResult => ({
  id: 'isolation.environment',
  state,
  seenFrom: ['a'],
  checkedAt: '2026-11-22T10:00:00.000Z',
  durationMs: 5,
  evidence: { b: 1, a: [null, 'x'] },
});

function chainOf(...states: ControlResult['state'][]): ReturnType<typeof chainResult>[] {
  const chain: ReturnType<typeof chainResult>[] = [];
  for (const state of states) chain.push(chainResult(result(state), chain.at(-1)?.hash ?? chainStart));
  return chain;
}

test('findBrokenLink() finds nothing in a chain as it was made', () => {
  assert.equal(findBrokenLink(chainOf('pass', 'fail', 'pass')), -1);
});

test('findBrokenLink() names a changed, a missing and a swapped result', () => {
  const chain = chainOf('pass', 'fail', 'pass', 'pass');
  assert.equal(
    findBrokenLink(chain.map((link, index) => (index === 1 ? { ...link, result: result('pass') } : link))),
    1,
  );
  assert.equal(findBrokenLink(chain.filter((_, index) => index !== 1)), 1);
  assert.equal(findBrokenLink(chain.slice(1)), 0);
});

test('sortedJson() gives the same text whatever the order of keys', () => {
  assert.equal(sortedJson({ b: 1, a: { d: 2, c: undefined } }), '{"a":{"d":2},"b":1}');
});
