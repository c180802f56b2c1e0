import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';

import { EnvironmentId } from '@ringfort/contracts/identifiers.ts';

import { testId, testSpec } from '../test-spec.ts';
import { appliedDocument, specDocument } from './environment-documents.ts';
import { openEnvironmentStore } from './environment-store.ts';
import { openPlaceBook } from './place-book.ts';
import { writeFileAtomically } from './write-file-atomically.ts';

const id = EnvironmentId.parse(testId(3));

test('openEnvironmentStore() keeps documents, for root alone, and takes them away with their folder', async (context) => {
  const home = await makeHome(context);
  const store = await openEnvironmentStore(home);
  assert.equal(await store.find(id, specDocument), undefined);
  await store.write(id, specDocument, testSpec());
  const again = await openEnvironmentStore(home);
  assert.deepEqual(await again.find(id, specDocument), testSpec());
  assert.deepEqual(await again.list(), [id]);
  assert.equal((await stat(join(home, 'environments', id, 'spec.json'))).mode & 0o777, 0o600);
  assert.equal((await stat(join(home, 'environments', id))).mode & 0o777, 0o700);
  await again.remove(id);
  assert.deepEqual(await again.list(), []);
});

test('openEnvironmentStore() clears what a write that was cut off left, and keeps the old content', async (context) => {
  const home = await makeHome(context);
  const store = await openEnvironmentStore(home);
  await store.write(id, appliedDocument, { v: 1, generation: 4 });
  const folder = join(home, 'environments', id);
  await writeFile(join(folder, 'applied.json.0.tmp'), '{"v":1,"gener');
  const again = await openEnvironmentStore(home);
  assert.deepEqual(await again.find(id, appliedDocument), { v: 1, generation: 4 });
  assert.deepEqual(await readdir(folder), ['applied.json']);
});

test('openEnvironmentStore() refuses to go on with a damaged document', async (context) => {
  const home = await makeHome(context);
  const store = await openEnvironmentStore(home);
  await store.write(id, appliedDocument, { v: 1, generation: 4 });
  for (const text of ['', '{"v":1,"gener', '{"v":2,"generation":4}']) {
    await writeFile(join(home, 'environments', id, 'applied.json'), text);
    await assert.rejects(store.find(id, appliedDocument), /is damaged/);
  }
});

test('writeFileAtomically() leaves nothing of its own when it cannot finish', async (context) => {
  const home = await makeHome(context);
  await mkdir(join(home, 'target'));
  await assert.rejects(writeFileAtomically(join(home, 'target'), 'text'));
  assert.deepEqual(await readdir(home), ['target']);
});

test('openPlaceBook() keeps places over a restart, and the tombstones of removed ones', async (context) => {
  const config = { home: await makeHome(context), network: '10.89.0.0/16', environmentsMax: 100 };
  const book = await openPlaceBook(config);
  const [one, two] = await Promise.all([
    book.allot(id, { throwaway: false }),
    book.allot(EnvironmentId.parse(testId(4)), { throwaway: true }),
  ]);
  assert.deepEqual([one.place?.uidIndex, two.place?.uidIndex], [1, 2]);
  assert.equal(await book.allot(id, { throwaway: false }), book.find(id));
  await book.bury(id, { generation: 7, at: '2026-01-01T00:00:00.000Z' });
  const again = await openPlaceBook(config);
  assert.deepEqual(again.find(id)?.removed, { generation: 7, at: '2026-01-01T00:00:00.000Z' });
  const third = await again.allot(EnvironmentId.parse(testId(5)), { throwaway: false });
  assert.deepEqual(third.place, { uidIndex: 3, subnetIndex: 3 });
});

async function makeHome(context: TestContext): Promise<string> {
  const home = await mkdtemp(join(tmpdir(), 'ringfort-store-'));
  context.after(() => rm(home, { recursive: true, force: true }));
  return home;
}
