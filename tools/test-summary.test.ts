import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SuiteResult } from './test-run.ts';
import { renderSummary } from './test-summary.ts';

const unit: SuiteResult = {
  name: 'unit',
  counts: { passed: 5, failed: 0, skipped: 0 },
  missing: [],
  durationMs: 1_500,
};
const engine: SuiteResult = {
  ...unit,
  name: 'engine',
  counts: { passed: 0, failed: 0, skipped: 0 },
  missing: ['podman'],
};

function lastLine(text: string): string | undefined {
  return text.split('\n').at(-1);
}

test('renderSummary() ends in one line of totals over all suites', () => {
  const failed = { ...unit, name: 'db', counts: { passed: 2, failed: 1, skipped: 0 } };
  const summary = renderSummary([unit, failed], { isStrict: false });
  assert.equal(lastLine(summary.text), '7 passed, 1 failed');
  assert.equal(summary.isGreen, false);
  assert.equal(renderSummary([unit], { isStrict: true }).isGreen, true);
});

test('renderSummary() names a suite that the machine cannot run, and fails for it where it is strict', () => {
  const summary = renderSummary([unit, engine], { isStrict: false });
  assert.match(summary.text, /Not run on this machine: engine, because it lacks podman\.\n5 passed, 0 failed$/u);
  assert.equal(summary.isGreen, true);
  const strict = renderSummary([unit, engine], { isStrict: true });
  assert.equal(lastLine(strict.text), '5 passed, 1 failed');
  assert.equal(strict.isGreen, false);
});

test('renderSummary() counts skipped tests apart, and as failed where it is strict', () => {
  const skipped = { ...unit, counts: { passed: 4, failed: 0, skipped: 2 } };
  assert.equal(lastLine(renderSummary([skipped], { isStrict: false }).text), '4 passed, 0 failed, 2 skipped');
  assert.equal(lastLine(renderSummary([skipped], { isStrict: true }).text), '4 passed, 2 failed');
});
