import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';

import { InjectRequest } from '@ringfort/contracts/injection.ts';
import { createLog } from '@ringfort/kit/log.ts';

import { createLeases, type Break, type Leases } from './leases.ts';
import { injectorLimits as limits } from './limits.ts';

const log = createLog({ program: 'injector', clock: { nowMs: () => 0 }, write: () => {} });
const environmentId = '01900000-0000-7000-8000-000000000003';
const request = InjectRequest.parse({ injection: 'flush-rules', environmentId, leaseMs: 60_000 });

test('createLeases() answers when it is broken, keeps breaking, and undoes it when the lease is ended', async () => {
  const events: string[] = [];
  const twice = Promise.withResolvers<void>();
  const leases = start({
    repeat: () => {
      events.push('break');
      if (events.length === 2) twice.resolve();
      return Promise.resolve();
    },
    undo: () => Promise.resolve(void events.push('undo')),
  });
  const leaseId = await leases.begin(request);
  await twice.promise;
  await leases.end(leaseId);
  assert.deepEqual(events, ['break', 'break', 'undo']);
  await leases.end(leaseId);
});

test('createLeases() ends a lease when its time is over', async () => {
  const over = Promise.withResolvers<void>();
  const leases = start({ repeat: () => Promise.resolve(), undo: () => Promise.resolve(over.resolve()) });
  await leases.begin({ ...request, leaseMs: 5 });
  await over.promise;
});

test('createLeases() refuses what cannot be broken, and undoes what was begun', async () => {
  let undone = 0;
  const leases = start({
    repeat: () => Promise.reject(new Error('no such workload')),
    undo: () => Promise.resolve(void (undone += 1)),
  });
  await assert.rejects(leases.begin(request), /no such workload/);
  assert.equal(undone, 1);
});

test('createLeases() goes on when a later break fails: the agent may be making the workload anew', async () => {
  const later = Promise.withResolvers<void>();
  let turn = 0;
  const leases = start({
    repeat: () => {
      turn += 1;
      if (turn === 3) later.resolve();
      return turn === 2 ? Promise.reject(new Error('gone')) : Promise.resolve();
    },
    undo: () => Promise.resolve(),
  });
  await leases.begin(request);
  await later.promise;
  await leases.endAll();
});

test('createLeases() bounds how much is broken at the same time', async () => {
  const leases = start({ repeat: () => Promise.resolve(), undo: () => Promise.resolve() });
  for (let count = 0; count < limits.leasesMax; count += 1) await leases.begin(request);
  await assert.rejects(leases.begin(request), { code: 'too-many-requests' });
  await leases.endAll();
  await leases.end(await leases.begin(request));
});

function start(prepared: Break): Leases {
  return createLeases({ prepare: () => prepared, log, makeId: () => randomUUID() });
}
