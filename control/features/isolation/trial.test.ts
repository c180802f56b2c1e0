import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { ProbeOutcome } from '@ringfort/contracts/probe.ts';

import { judgeTrials, runTrials, type Trial } from './trial.ts';

const from = { label: 'a/web', place: { kind: 'foreign' } } as const;
const attempt = { protocol: 'tcp', address: '10.0.0.2', port: 3306, payload: '' } as const;
const negative: Trial = { from, to: 'b/database', attempt, promised: 'silence' };
const twin: Trial = { from, to: 'b/database', attempt, promised: { answerHolds: 'nonce-1' } };

const outcome = (kind: ProbeOutcome['outcome'], answer = ''): ProbeOutcome => ({
  outcome: kind,
  answer: Buffer.from(answer).toString('base64'),
  tookMs: 1,
});

async function judge(pairs: readonly (readonly [Trial, ProbeOutcome])[]): Promise<string> {
  const outcomes = pairs.map(([, result]) => result);
  const results = await runTrials(
    pairs.map(([trial]) => trial),
    { attempt: () => Promise.resolve(outcomes) },
  );
  return judgeTrials(results).state;
}

test('judgeTrials() passes when silence is kept and the twin answers with its nonce', async () => {
  assert.equal(
    await judge([
      [negative, outcome('timeout')],
      [twin, outcome('answered', 'x nonce-1 y')],
    ]),
    'pass',
  );
});

test('judgeTrials() fails on an answer, on an open connection and on a refusal, even without twins', async () => {
  for (const kind of ['answered', 'silent', 'refused'] as const)
    assert.equal(await judge([[negative, outcome(kind)]]), 'fail');
});

test('judgeTrials() is unknown when the twin is silent or another process answers', async () => {
  assert.equal(
    await judge([
      [negative, outcome('timeout')],
      [twin, outcome('timeout')],
    ]),
    'unknown',
  );
  assert.equal(
    await judge([
      [negative, outcome('timeout')],
      [twin, outcome('answered', 'nonce-2')],
    ]),
    'unknown',
  );
});

test('judgeTrials() is unknown without a negative or without a positive trial', async () => {
  assert.equal(await judge([[negative, outcome('timeout')]]), 'unknown');
  assert.equal(await judge([[twin, outcome('answered', 'nonce-1')]]), 'unknown');
  assert.equal(await judge([]), 'unknown');
});
