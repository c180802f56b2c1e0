import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { ControlResult, ControlRunEvent } from '@ringfort/contracts/api/controls.ts';
import { EnvironmentId } from '@ringfort/contracts/identifiers.ts';

import { control, type Sandbox } from './control.ts';
import { proveAbleToFail } from './prove-able-to-fail.ts';

const environmentId = EnvironmentId.parse('01234567-89ab-7fff-bfff-ffffffffffff');

/** A thing with a wall, and a sandbox whose injector takes the wall down and puts it up again. */
function wallWithSandbox(): { readonly stands: () => boolean; readonly sandbox: Sandbox } {
  let stands = true;
  const fall = () => {
    stands = false;
    return Promise.resolve({ heal: () => Promise.resolve(void (stands = true)) });
  };
  const injector = { flushRules: fall, startListener: fall, dropAuditWall: fall };
  return { stands: () => stands, sandbox: { environmentIds: [environmentId, environmentId], injector } };
}

async function prove(
  look: (stands: boolean) => ControlResult['state'],
): Promise<{ readonly events: ControlRunEvent[]; readonly stands: boolean }> {
  const wall = wallWithSandbox();
  const definition = control({
    id: 'x',
    claim: 'x',
    supports: [],
    everyMs: 1,
    verify: () => Promise.reject(new Error('The test looks by itself')),
    breakIt: ({ injector }) => injector.flushRules(environmentId),
  });
  let nowMs = 0;
  const clock = { nowMs: () => (nowMs += 60_000) };
  const result = (): ControlResult => ({
    id: 'x',
    state: look(wall.stands()),
    seenFrom: [],
    checkedAt: null,
    durationMs: 0,
    evidence: null,
  });
  const events: ControlRunEvent[] = [];
  const options = {
    sandbox: wall.sandbox,
    clock,
    look: () => Promise.resolve(result()),
    pause: () => Promise.resolve(),
  };
  for await (const event of proveAbleToFail(definition, options)) events.push(event);
  return { events, stands: wall.stands() };
}

test('proveAbleToFail() proves a control that turns red while the thing is broken and green again', async () => {
  const { events } = await prove((stands) => (stands ? 'pass' : 'fail'));
  assert.deepEqual(
    events.map((event) => (event.type === 'result' ? `${event.phase} ${event.result.state}` : event.type)),
    ['before pass', 'broken fail', 'healed pass', 'proof'],
  );
  const last = events.at(-1);
  assert.equal(last?.type === 'proof' && last.ableToFail, true);
});

test('proveAbleToFail() denies the proof to a control that stays green, and heals what it broke', async () => {
  const { events, stands } = await prove(() => 'pass');
  const last = events.at(-1);
  assert.equal(last?.type === 'proof' && last.ableToFail, false);
  assert.equal(stands, true);
});

test('proveAbleToFail() breaks nothing while the control is not green before', async () => {
  const { events, stands } = await prove(() => 'unknown');
  assert.equal(events.filter((event) => event.type === 'result' && event.phase === 'broken').length, 0);
  assert.equal(stands, true);
});
