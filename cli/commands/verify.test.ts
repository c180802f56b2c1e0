import assert from 'node:assert/strict';
import { test } from 'node:test';

import { ControlResult, type ControlRunEvent, type ControlState } from '@ringfort/contracts/api/controls.ts';
import { z } from 'zod';

import { standInApi, type StandInApi } from '../stand-in-api.ts';
import { testCommandLine, type CommandLineRun } from '../test-command-line.ts';

const ids = ['access.services-private', 'audit.complete', 'isolation.environment'] as const;
const at = '2026-01-01T00:00:00.000Z';

const outcomes: readonly (readonly [states: readonly ControlState[], exitCode: number])[] = [
  [['pass', 'pass', 'pass'], 0],
  [['pass', 'excepted', 'pass'], 0],
  [['pass', 'fail', 'unknown'], 1],
  [['pass', 'stale', 'pass'], 1],
  [['unknown', 'pass', 'pass'], 2],
];

for (const [states, exitCode] of outcomes)
  test(`ringfort verify --json gives every result and ends with ${exitCode} for ${states.join(', ')}`, async () => {
    const results = ids.map((id, index) => result(id, states[index] ?? 'unknown'));
    const run = await verify(
      results.toReversed().map((each) => ({ type: 'result', phase: 'verify', result: each })),
      ['--json'],
    );
    assert.deepEqual(JSON.parse(run.out), results);
    assert.equal(run.exitCode, exitCode, run.err);
  });

test('ringfort verify counts a control that the run gave no result of as unknown', async () => {
  const run = await verify(
    [{ type: 'result', phase: 'verify', result: result(ids[0], 'pass') }],
    ['--json', ids[0], ids[1]],
  );
  const states = ControlResult.array()
    .parse(JSON.parse(run.out))
    .map((each) => `${each.id} ${each.state}`);
  assert.deepEqual(states, ['access.services-private pass', 'audit.complete unknown']);
  assert.equal(run.exitCode, 2);
});

test('ringfort verify shows marks, places and evidence, free of escape sequences', async () => {
  const failed = { ...result(ids[0], 'fail'), evidence: { summary: '6379 \u001b[2Janswered' } };
  const run = await verify([
    { type: 'progress', id: ids[0], message: 'Looking' },
    { type: 'result', phase: 'verify', result: failed },
    { type: 'result', phase: 'verify', result: result(ids[1], 'pass') },
  ]);
  assert.match(run.out, /✗ fail {2}access\.services-private {2}1\.5 s, seen from workload, host\n {6}6379 answered\n/);
  assert.match(run.out, /✓ pass {2}audit\.complete/);
  assert.match(run.out, /\n1 pass, 1 fail, 1 unknown\n$/);
  assert.equal(run.exitCode, 1);
});

test('ringfort verify ends with 69 when the connection is cut in the middle', async () => {
  const run = await verify([{ type: 'result', phase: 'verify', result: result(ids[0], 'pass') }, new Error('Cut')]);
  assert.equal(run.exitCode, 69);
});

test('ringfort verify refuses a control that does not exist and names those that do', async () => {
  const run = await verify([], ['isolation.everything']);
  assert.equal(run.exitCode, 64);
  assert.match(run.err, /There are: access\.services-private, audit\.complete, isolation\.environment/);
});

test('ringfort verify --break shows each control before, broken and healed, and ends with 0 when all were seen to fail', async () => {
  const events = ids.flatMap((id) => breakEvents(id, true));
  const run = await verify(events, ['--break']);
  assert.match(
    run.out,
    /audit\.complete\n {2}before ✓ pass.*\n.*\n {2}broken ✗ fail.*\n.*\n {2}healed ✓ pass.*\n.*\n {2}✓ turned red/,
  );
  assert.match(run.out, /3 of 3 controls were seen to fail/);
  assert.equal(run.exitCode, 0);
});

test('ringfort verify --break ends with 1 when a control stayed green, and with 2 when the run did not say', async () => {
  const stayedGreen = await verify(
    ids.flatMap((id) => breakEvents(id, id !== ids[1])),
    ['--break', '--json'],
  );
  assert.equal(stayedGreen.exitCode, 1);
  const proofs = z
    .array(z.object({ ableToFail: z.boolean() }))
    .parse(JSON.parse(stayedGreen.out))
    .map((each) => each.ableToFail);
  assert.deepEqual(proofs, [true, false, true]);
  assert.equal((await verify(breakEvents(ids[0], true), ['--break'])).exitCode, 2);
});

type Event = z.input<typeof ControlRunEvent>;

function result(id: string, state: ControlState): z.input<typeof ControlResult> {
  return { id, state, seenFrom: ['workload', 'host'], checkedAt: at, durationMs: 1_500, evidence: { attempts: 12 } };
}

function breakEvents(id: string, ableToFail: boolean): readonly Event[] {
  const message = ableToFail ? 'Turned red and green again' : 'Stayed green';
  return [
    { type: 'result', phase: 'before', result: result(id, 'pass') },
    { type: 'result', phase: 'broken', result: result(id, ableToFail ? 'fail' : 'pass') },
    { type: 'result', phase: 'healed', result: result(id, 'pass') },
    { type: 'proof', id, ableToFail, message },
  ];
}

async function verify(events: readonly (Event | Error)[], words: readonly string[] = []): Promise<CommandLineRun> {
  await using server = await platform(events);
  return await testCommandLine(['verify', ...words], { url: server.url });
}

async function platform(events: readonly (Event | Error)[]): Promise<StandInApi> {
  const about = { claim: 'A promise', supports: [], everyMs: 60_000, provenAbleToFailAt: null };
  return standInApi({
    listControls: () => ({ items: ids.map((id) => ({ ...result(id, 'pass'), ...about })) }),
    runControls: () => events,
  });
}
