import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { startTestDatabases, type TestDatabase, type TestDatabases } from '../../db/test-database.ts';
import { startTestApi, type TestAnswer, type TestApi } from '../../test-api.ts';

let databases: TestDatabases;
let database: TestDatabase;
let api: TestApi;

before(async () => {
  databases = await startTestDatabases();
  database = await databases.create();
  api = await startTestApi(database);
  await post('/workspaces', { slug: 'other' });
});
after(async () => {
  await api.close();
  await database.close();
  await databases.stop();
});

async function post(path: string, body: unknown): Promise<TestAnswer> {
  return api.send({ method: 'POST', path, body });
}

test('A project’s name is taken once on the whole platform', async () => {
  assert.equal((await post('/workspaces/main/projects', { slug: 'shop' })).status, 201);
  for (const workspace of ['main', 'other']) {
    const again = await post(`/workspaces/${workspace}/projects`, { slug: 'shop' });
    assert.deepEqual([again.status, again.body['code']], [409, 'name-taken']);
  }
});

test('A new workspace is in its own audit log and in its maker’s', async () => {
  const events = await database.query(
    'superuser',
    `select w.slug from ringfort.audit_events e join ringfort.workspaces w using (workspace_id)
     where e.action = 'workspace.create' order by w.slug`,
  );
  assert.deepEqual(
    events.map((event) => event['slug']),
    ['main', 'other'],
  );
});

test('A new environment is critical when it is production, unless it is said', async () => {
  const path = '/workspaces/main/projects/shop/environments';
  const live = await post(path, { slug: 'live', stage: 'production' });
  assert.equal(live.body['criticality'], 'critical');
  assert.equal(live.body['url'], 'https://shop-live.apps.test:8443');
  assert.equal((await post(path, { slug: 'staging', stage: 'staging' })).body['criticality'], 'noncritical');
  const light = await post(path, { slug: 'light', stage: 'production', criticality: 'noncritical' });
  assert.equal(light.body['criticality'], 'noncritical');
  assert.ok(api.nudged.includes(`environments/${String(live.body['id'])}`));
});

test('An environment’s name is taken once in its project, its address once on the platform', async () => {
  const path = '/workspaces/main/projects';
  assert.equal((await post(`${path}/shop/environments`, { slug: 'live', stage: 'test' })).body['code'], 'name-taken');
  await post(path, { slug: 'a-b' });
  await post(path, { slug: 'a' });
  assert.equal((await post(`${path}/a-b/environments`, { slug: 'c', stage: 'test' })).status, 201);
  const same = await post(`${path}/a/environments`, { slug: 'b-c', stage: 'test' });
  assert.deepEqual([same.status, same.body['code']], [409, 'name-taken'], 'both would be a-b-c.apps.test');
});

test('A throw-away environment exists in a workspace made for them only', async () => {
  const path = '/workspaces/other/projects';
  await post(path, { slug: 'breaks' });
  const body = { slug: 'left', stage: 'test', throwaway: true };
  assert.equal((await post(`${path}/breaks/environments`, body)).body['code'], 'state-conflict');
  await database.query('replica', `update ringfort.workspaces set throwaway = true where slug = 'other'`);
  assert.equal((await post(`${path}/breaks/environments`, body)).status, 201);
});

test('A deletion wants its name confirmed, hides the environment at once and frees its name when the agent has confirmed', async () => {
  const path = '/workspaces/main/projects/shop/environments';
  const unsure = await api.send({ method: 'DELETE', path: `${path}/staging?confirm=live` });
  assert.equal(unsure.body['code'], 'input-invalid');
  assert.equal((await api.send({ method: 'DELETE', path: `${path}/staging?confirm=staging` })).status, 204);
  assert.equal((await api.send({ path: `${path}/staging` })).body['code'], 'not-found');
  const early = await post(path, { slug: 'staging', stage: 'staging' });
  assert.deepEqual([early.status, early.body['code']], [409, 'state-conflict']);
  await confirmRemovals();
  assert.equal((await post(path, { slug: 'staging', stage: 'staging' })).status, 201);
});

test('A project stays while its environments are there or their removal is under way', async () => {
  const path = '/workspaces/main/projects';
  await post(path, { slug: 'gone' });
  await post(`${path}/gone/environments`, { slug: 'live', stage: 'test' });
  const remove = (): Promise<TestAnswer> => api.send({ method: 'DELETE', path: `${path}/gone` });
  assert.equal((await remove()).body['code'], 'state-conflict');
  await api.send({ method: 'DELETE', path: `${path}/gone/environments/live?confirm=live` });
  assert.equal((await remove()).body['code'], 'state-conflict');
  await confirmRemovals();
  assert.equal((await remove()).status, 204);
  assert.equal((await post('/workspaces/other/projects', { slug: 'gone' })).status, 201, 'the name is free again');
});

/** As the reconciler does when the agent tells that nothing is left. */
async function confirmRemovals(): Promise<void> {
  await database.query(
    'replica',
    `insert into ringfort.environment_observations (workspace_id, environment_id, removed_at)
     select workspace_id, id, now() from ringfort.environments where wanted = 'removed' on conflict do nothing`,
  );
}
