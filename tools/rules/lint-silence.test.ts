import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkLintSilence } from './lint-silence.ts';

function refusals(comment: string): number {
  return checkLintSilence([{ path: 'kit/x.ts', text: `${comment}\nconst a = 1;` }]).length;
}

test('checkLintSilence() refuses comments without a line, a rule or a reason', () => {
  for (const comment of [
    '/* oxlint-disable */',
    '/* eslint-disable no-console */',
    '// oxlint-disable-next-line',
    '// oxlint-disable-next-line no-console',
    '// oxlint-disable-next-line -- because',
  ]) {
    assert.equal(refusals(comment), 1, comment);
  }
});

test('checkLintSilence() passes one rule on one line with its reason', () => {
  assert.equal(refusals('// oxlint-disable-next-line eslint/no-console -- the program has no log yet'), 0);
  assert.equal(refusals('// an ordinary comment about oxlint-disable'), 0);
});
