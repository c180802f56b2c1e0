import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkHeldTests } from './held-tests.ts';

function refusals(call: string): number {
  return checkHeldTests([{ path: 'kit/x.test.ts', text: `import { test } from 'node:test';\n${call}` }]).length;
}

test('checkHeldTests() refuses only, skip and todo as methods, as options and inside a test', () => {
  for (const call of [
    `test.only('a b c', () => {});`,
    `test.skip('a b c', () => {});`,
    `describe.skip('a b c', () => {});`,
    `test.todo('a b c');`,
    `test('a b c', { skip: true }, () => {});`,
    `test('a b c', { skip: !hasEngine }, () => {});`,
    `test('a b c', { 'only': true }, () => {});`,
    `test('a b c', (t) => { t.skip('later'); });`,
    `test('a b c', (context) => { context.todo(); });`,
  ]) {
    assert.equal(refusals(call), 1, call);
  }
});

test('checkHeldTests() passes tests that run', () => {
  assert.equal(refusals(`test('a b c', { timeout: 5, skip: false }, (t) => { rows.skip(3); t.diagnostic('x'); });`), 0);
});
