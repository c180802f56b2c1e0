import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, test } from 'node:test';

import { z } from 'zod';

import { startTestDatabases, type TestDatabase, type TestDatabases } from './db/test-database.ts';
import { forgetIdempotencyKeys } from './features/platform/forget-idempotency-keys.ts';
import { startTestApi, type TestApi } from './test-api.ts';

let databases: TestDatabases;
let database: TestDatabase;
let api: TestApi;

before(async () => {
  databases = await startTestDatabases();
});
beforeEach(async () => {
  database = await databases.create();
  api = await startTestApi(database);
});
afterEach(async () => {
  await api.close();
  await database.close();
});
after(() => databases.stop());

const projects = '/workspaces/main/projects';

async function listEvents(filter = ''): Promise<readonly Record<string, unknown>[]> {
  return database.query(
    'superuser',
    `select action, outcome, subject, before, after, actor_name, request_id from ringfort.audit_events
     where action <> 'administrator.issue-token' ${filter} order by id`,
  );
}

test('operation() records who did what to what, in the transaction of the change', async () => {
  const requestId = '01a20000-0000-7000-8000-000000000001';
  await api.send({ method: 'POST', path: projects, body: { slug: 'shop' }, headers: { 'x-request-id': requestId } });
  const [event, ...others] = await listEvents();
  assert.deepEqual(others, []);
  assert.equal(event?.['action'], 'project.create');
  assert.equal(event['outcome'], 'allowed');
  assert.equal(event['subject'], 'shop');
  assert.equal(event['actor_name'], 'administrator');
  assert.equal(event['request_id'], requestId);
  assert.equal(event['before'], null);
  assert.deepEqual(Object.keys(z.record(z.string(), z.string()).parse(event['after'])).toSorted(), ['id', 'slug']);
});

test('operation() leaves neither the change nor its event behind when it fails', async () => {
  await api.send({ method: 'POST', path: projects, body: { slug: 'shop' } });
  const again = await api.send({ method: 'POST', path: projects, body: { slug: 'shop' } });
  assert.equal(again.body['code'], 'name-taken');
  assert.equal((await listEvents()).length, 1);
});

test('operation() tells nothing about the input to who may not do it', async () => {
  const made = await api.send({
    method: 'POST',
    path: '/workspaces/main/tokens',
    body: { name: 'ci', permissions: [] },
  });
  const token = String(made.body['token']);
  const denied = await api.send({ method: 'POST', path: projects, body: { slug: 'NOT A SLUG' }, token });
  assert.equal(denied.body['code'], 'permission-denied');
  const events = await listEvents(`and outcome = 'denied'`);
  assert.deepEqual(
    events.map((event) => [event['action'], event['actor_name'], event['subject']]),
    [['project.create', 'ci', '/v1/workspaces/main/projects']],
  );
});

test('A refused actor fills the audit log to a bound; further attempts are counted', async () => {
  const made = await api.send({
    method: 'POST',
    path: '/workspaces/main/tokens',
    body: { name: 'ci', permissions: [] },
  });
  const token = String(made.body['token']);
  for (let attempt = 0; attempt < 105; attempt += 1) {
    const answer = await api.send({ path: projects, token });
    assert.equal(answer.status, 403);
  }
  assert.equal((await listEvents(`and outcome = 'denied'`)).length, 100);
  const [count] = await database.query(
    'superuser',
    'select sum(attempts)::int as attempts from ringfort.denial_counts',
  );
  assert.equal(count?.['attempts'], 5);
});

test('An Idempotency-Key gives the first answer again and does nothing twice', async () => {
  const request = {
    method: 'POST',
    path: projects,
    body: { slug: 'shop' },
    headers: { 'idempotency-key': 'k1' },
  } as const;
  const first = await api.send(request);
  const second = await api.send(request);
  assert.equal(first.status, 201);
  assert.deepEqual([second.status, second.body], [first.status, first.body]);
  assert.equal((await listEvents()).length, 1);
  const other = await api.send({ ...request, body: { slug: 'other' } });
  assert.deepEqual([other.status, other.body['code']], [422, 'idempotency-key-reused']);
  const fresh = await api.send({ ...request, headers: { 'idempotency-key': 'k2' } });
  assert.equal(fresh.body['code'], 'name-taken', 'another key is another request');
});

test('An Idempotency-Key that many send at once lets one through; all get its answer', async () => {
  const request = {
    method: 'POST',
    path: projects,
    body: { slug: 'shop' },
    headers: { 'idempotency-key': 'k' },
  } as const;
  const answers = await Promise.all(Array.from({ length: 4 }, () => api.send(request)));
  assert.deepEqual(
    answers.map((answer) => answer.status),
    [201, 201, 201, 201],
  );
  assert.equal(new Set(answers.map((answer) => answer.body['id'])).size, 1);
  assert.equal((await listEvents()).length, 1);
});

test('An Idempotency-Key of another actor is another key', async () => {
  const permissions = ['project:create'];
  const made = await api.send({ method: 'POST', path: '/workspaces/main/tokens', body: { name: 'ci', permissions } });
  const headers = { 'idempotency-key': 'k' };
  await api.send({ method: 'POST', path: projects, body: { slug: 'shop' }, headers });
  const token = String(made.body['token']);
  const other = await api.send({ method: 'POST', path: projects, body: { slug: 'shop' }, headers, token });
  assert.equal(other.body['code'], 'name-taken');
});

test('An answer with a secret is not kept for its Idempotency-Key', async () => {
  const body = { name: 'ci', permissions: [] };
  const request = {
    method: 'POST',
    path: '/workspaces/main/tokens',
    body,
    headers: { 'idempotency-key': 'k' },
  } as const;
  const first = await api.send(request);
  assert.equal(first.status, 201);
  assert.equal((await api.send(request)).body['code'], 'state-conflict');
  const text = String(first.body['token']);
  const [found] = await database.query(
    'superuser',
    `select count(*)::int as n from ringfort.idempotency_keys where answer::text like '%' || $1 || '%'`,
    [text],
  );
  assert.equal(found?.['n'], 0);
});

test('A failed request leaves its Idempotency-Key free', async () => {
  const headers = { 'idempotency-key': 'k' };
  await api.send({ method: 'POST', path: projects, body: { slug: 'shop' } });
  const taken = await api.send({ method: 'POST', path: projects, body: { slug: 'shop' }, headers });
  assert.equal(taken.body['code'], 'name-taken');
  const other = await api.send({ method: 'POST', path: projects, body: { slug: 'other' }, headers });
  assert.equal(other.status, 201);
});

test('Kept answers are forgotten after 24 hours, not before', async () => {
  await api.send({ method: 'POST', path: projects, body: { slug: 'a' }, headers: { 'idempotency-key': 'old' } });
  await api.send({ method: 'POST', path: projects, body: { slug: 'b' }, headers: { 'idempotency-key': 'new' } });
  await database.query(
    'superuser',
    `update ringfort.idempotency_keys set created_at = now() - interval '25 hours' where key = 'old'`,
  );

  const reconciler = forgetIdempotencyKeys(database.reconciler);
  for (const target of await reconciler.list()) await reconciler.reconcile(target, AbortSignal.timeout(5_000));
  const kept = await database.query('superuser', 'select key from ringfort.idempotency_keys');
  assert.deepEqual(
    kept.map((row) => row['key']),
    ['new'],
  );
});
