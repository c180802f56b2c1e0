import assert from 'node:assert/strict';
import { test } from 'node:test';

import { evidenceLines } from './evidence-lines.ts';

const evidence = { tried: 12, reached: ['10.0.0.2:6379', { port: 22 }], samples: [], note: 'by \u001b[2Jhand' };

test('evidenceLines() gives plain values and the lengths of lists on one line', () => {
  assert.deepEqual(evidenceLines(evidence, { details: false }), ['tried 12, 2 reached, 0 samples, note by hand']);
});

test('evidenceLines() shows what is in the lists where details are asked for, up to a bound', () => {
  assert.deepEqual(evidenceLines(evidence, { details: true }).slice(1), [
    'reached:',
    '  10.0.0.2:6379',
    '  {"port":22}',
  ]);
  const many = evidenceLines({ reached: Array.from({ length: 9 }, String) }, { details: true });
  assert.equal(many.at(-1), '  … and 4 more in --json');
});

test('evidenceLines() begins with the words that the control chose', () => {
  assert.deepEqual(evidenceLines({ reason: 'Nobody to look from', tried: 0 }, { details: false }), [
    'Nobody to look from',
  ]);
  assert.deepEqual(evidenceLines(null, { details: true }), []);
});
