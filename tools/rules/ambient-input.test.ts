import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkAmbientInput } from './ambient-input.ts';

function refusals(path: string, text: string): number {
  return checkAmbientInput([{ path, text }]).length;
}

test('checkAmbientInput() refuses each way to the clock and to random numbers', () => {
  for (const text of [
    'Date.now()',
    'new Date()',
    'Math.random()',
    'performance.now()',
    'globalThis.Date.now()',
    'randomUUID()',
  ]) {
    assert.equal(refusals('control/x.ts', `const a = ${text};`), 1, text);
  }
});

test('checkAmbientInput() passes times and random bytes that are asked for', () => {
  assert.equal(
    refusals('control/x.ts', 'new Date(0); clock.nowMs(); randomBytes(32); options.random(); Date.parse(text);'),
    0,
  );
});

test('checkAmbientInput() lets main.ts, kit/clock.ts and tests be where they come from', () => {
  for (const path of ['edge/main.ts', 'kit/clock.ts', 'edge/x.test.ts', 'e2e/x.e2e.ts', 'tools/x.ts']) {
    assert.equal(refusals(path, 'const a = Date.now();'), 0, path);
  }
});
