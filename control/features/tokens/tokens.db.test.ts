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
});
after(async () => {
  await api.close();
  await database.close();
  await databases.stop();
});

const tokens = '/workspaces/main/tokens';

async function make(permissions: readonly string[], token = api.administrator): Promise<TestAnswer> {
  return api.send({ method: 'POST', path: tokens, body: { name: 'ci', permissions }, token });
}

test('A token may do what was granted, in its workspace', async () => {
  const made = await make(['project:read']);
  const token = String(made.body['token']);
  assert.equal((await api.send({ path: '/workspaces/main/projects', token })).status, 200);
  const me = await api.send({ path: '/me', token });
  assert.deepEqual(me.body['grants'], [{ workspace: 'main', permissions: ['project:read'] }]);
  assert.equal(me.body['name'], 'ci');
});

test('Nobody can grant more than they have', async () => {
  const made = await make(['token:create', 'project:read']);
  const token = String(made.body['token']);
  assert.equal((await make(['project:read'], token)).status, 201);
  const more = await make(['project:read', 'project:create'], token);
  assert.deepEqual([more.status, more.body['code']], [403, 'permission-denied']);
  assert.match(String(more.body['detail']), /“project:create”/u);
  const platform = await make(['workspace:create']);
  assert.equal(platform.body['code'], 'permission-denied', 'not even the administrator, who has it on the platform');
});

test('A token’s text is shown once; lists and the audit log never hold it', async () => {
  const text = String((await make([])).body['token']);
  const list = await api.send({ path: tokens });
  const events = await api.send({ path: '/workspaces/main/audit-events' });
  for (const { body } of [list, events]) assert.ok(!JSON.stringify(body).includes(text.slice(3)));
});

test('A revoked token is refused at once', async () => {
  const made = await make(['project:read']);
  const token = String(made.body['token']);
  const path = `${tokens}/${String(made.body['id'])}`;
  assert.equal((await api.send({ method: 'DELETE', path })).status, 204);
  assert.equal((await api.send({ path: '/me', token })).body['code'], 'token-invalid');
  assert.equal((await api.send({ method: 'DELETE', path })).body['code'], 'not-found');
  const listed = JSON.stringify((await api.send({ path: tokens })).body);
  assert.ok(!listed.includes(String(made.body['id'])));
});
