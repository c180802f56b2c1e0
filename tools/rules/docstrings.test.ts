import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkDocstrings } from './docstrings.ts';

function refusals(text: string, path = 'kit/x.ts'): number {
  return checkDocstrings([{ path, text }]).length;
}

test('checkDocstrings() refuses an exported function without lines that explain it', () => {
  assert.equal(refusals('export function now() {}'), 1);
  assert.equal(refusals('export const now = () => 1;'), 1);
  assert.equal(refusals('// a comment\nexport async function now() {}'), 1);
  assert.equal(refusals('/** Of another. */\nconst other = 1;\nexport function now() {}'), 1);
});

test('checkDocstrings() passes what is explained, not exported, no function, or a test', () => {
  assert.equal(refusals('/** The time. */\nexport function now() {}'), 0);
  assert.equal(refusals('/** The time. */\n// oxlint-disable-next-line x -- y\nexport function now() {}'), 0);
  assert.equal(refusals('function now() {}\nexport const limit = 3;\nexport type A = string;\nexport { now };'), 0);
  assert.equal(refusals('export function now() {}', 'kit/x.test.ts'), 0);
});
