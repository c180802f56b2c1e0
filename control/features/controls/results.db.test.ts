import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import type { ControlResult } from '@ringfort/contracts/api/controls.ts';

import { startTestDatabases, type TestDatabases } from '../../db/test-database.ts';
import { findBrokenLink } from './result-chain.ts';
import { addProof, addResult, listChain, listNewestResults, listProofs } from './store.ts';

let databases: TestDatabases;
before(async () => {
  databases = await startTestDatabases();
});
after(() => databases.stop());

const result = (minute: number): ControlResult => ({
  id: 'x',
  state: 'pass',
  seenFrom: ['a'],
  checkedAt: new Date(minute * 60_000).toISOString(),
  durationMs: minute,
  evidence: { b: [1, null], a: 'ü' },
});

test('addResult() chains the results of a control, also of two controls that write at once', async () => {
  const database = await databases.create();
  const minutes = [1, 2, 3, 4, 5, 6];
  await Promise.all(minutes.map((minute) => addResult(database.reconciler, result(minute))));
  const chain = await listChain(database.reconciler, 'x');
  assert.equal(chain.length, minutes.length);
  assert.equal(findBrokenLink(chain), -1);
  assert.equal((await listNewestResults(database.reconciler)).get('x')?.id, 'x');
  await database.close();
});

test('findBrokenLink() finds what somebody changed in the database', async () => {
  const database = await databases.create();
  for (const minute of [1, 2, 3]) await addResult(database.reconciler, result(minute));
  await database.query(
    'superuser',
    `update ringfort.control_results set result = jsonb_set(result, '{state}', '"fail"') where sequence = 2`,
  );
  assert.equal(findBrokenLink(await listChain(database.reconciler, 'x')), 1);
  await database.close();
});

test('addResult() and addProof() are for the reconcilers’ role alone, and nobody changes what is there', async () => {
  const database = await databases.create();
  await addResult(database.reconciler, result(1));
  await addProof(database.reconciler, { id: 'x', at: new Date(0) });
  assert.deepEqual((await listProofs(database.reconciler)).get('x'), new Date(0));
  await assert.rejects(addResult(database.runtime, result(2)));
  await assert.rejects(database.query('reconciler', 'delete from ringfort.control_results'), { code: '42501' });
  await assert.rejects(database.query('reconciler', `update ringfort.control_results set state = 'pass'`), {
    code: '42501',
  });
  await database.close();
});
