import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, test } from 'node:test';

import { page } from '@ringfort/contracts/api/page.ts';
import { Project } from '@ringfort/contracts/api/projects.ts';
import { ProblemDocument } from '@ringfort/contracts/problem-document.ts';
import { Client } from 'undici';
import { z } from 'zod';

import { startTestDatabases, type TestDatabase, type TestDatabases } from '../db/test-database.ts';
import { startTestApi, type TestApi } from '../test-api.ts';
import { listenSocket } from './listen-socket.ts';

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

test('Whatever is wrong is answered with problem+json, a code of the catalogue and the request’s id', async () => {
  const cases = [
    [404, 'not-found', { path: '/nowhere' }],
    [404, 'not-found', { method: 'DELETE', path: projects }],
    [401, 'token-missing', { path: '/me', token: null }],
    [401, 'token-missing', { path: '/me', token: null, headers: { authorization: 'Basic eDp5' } }],
    [401, 'token-invalid', { path: '/me', token: 'rf_nope' }],
    [422, 'input-invalid', { method: 'POST', path: projects, body: '{"slug":' }],
    [422, 'input-invalid', { method: 'POST', path: projects, body: '{"slug":"a","__proto__":{"x":1}}' }],
    [422, 'input-invalid', { method: 'POST', path: projects, body: { slug: 'a', extra: 1 } }],
    [422, 'input-invalid', { method: 'POST', path: projects }],
    [422, 'input-invalid', { method: 'POST', path: projects, body: 'x', headers: { 'content-type': 'text/plain' } }],
    [422, 'input-invalid', { path: `${projects}?limit=0` }],
    [422, 'input-invalid', { path: `${projects}?limit=1&limit=2` }],
    [422, 'input-invalid', { path: `${projects}?unknown=1` }],
    [422, 'input-invalid', { path: `${projects}?cursor=JycnJyc` }],
    [
      422,
      'input-invalid',
      { method: 'POST', path: projects, body: { slug: 'a' }, headers: { 'idempotency-key': 'a b' } },
    ],
    [413, 'body-too-large', { method: 'POST', path: projects, body: { slug: 'a'.repeat(1_100_000) } }],
    [404, 'not-found', { path: '/workspaces/%00/projects' }],
    [
      422,
      'input-invalid',
      { method: 'POST', path: '/workspaces/main/tokens', body: { name: 'a\0b', permissions: [] } },
    ],
    [
      422,
      'input-invalid',
      { method: 'POST', path: '/workspaces/main/tokens', body: { name: '\ud800', permissions: [] } },
    ],
  ] as const;
  for (const [status, code, request] of cases) {
    const id = '01a20000-0000-7000-8000-00000000000a';
    const headers = { 'x-request-id': id, ...('headers' in request ? request.headers : {}) };
    const answer = await api.send({ ...request, headers });
    const document = ProblemDocument.parse(answer.body);
    assert.deepEqual(
      [answer.status, document.code, document.status, document.requestId],
      [status, code, status, id],
      JSON.stringify(request),
    );
    assert.match(String(answer.headers['content-type']), /^application\/problem\+json/u);
    assert.equal(answer.headers['x-request-id'], id);
  }
});

test('A request id of another form is replaced, and every answer carries one', async () => {
  const answer = await api.send({ path: '/health', token: null, headers: { 'x-request-id': 'a"b' } });
  assert.match(String(answer.headers['x-request-id']), /^[0-9a-f-]{36}$/u);
});

test('An unexpected failure is logged whole and answered without a word of it', async () => {
  await database.query('superuser', 'alter table ringfort.projects rename column slug to hidden');
  const answer = await api.send({ path: projects });
  assert.deepEqual([answer.status, answer.body['code']], [500, 'internal']);
  assert.doesNotMatch(JSON.stringify(answer.body), /slug|column|select/u);
  assert.match(api.log.join(''), /slug/u);
});

test('Lists are paged: every item comes once, whatever the limit', async () => {
  const names = ['alpha', 'beta', 'gamma', 'delta', 'epsilon'].toSorted();
  for (const slug of names) await api.send({ method: 'POST', path: projects, body: { slug } });
  const seen: unknown[] = [];
  let next: string | null = '';
  while (next !== null) {
    const cursor: string = next === '' ? '' : `&cursor=${next}`;
    const { body } = await api.send({ path: `${projects}?limit=2${cursor}` });
    const answer = page(Project).parse(body);
    assert.ok(answer.items.length <= 2);
    seen.push(...answer.items.map((item) => item.slug));
    next = answer.next;
  }
  assert.deepEqual(seen, names);
});

test('A token that sends too many requests is told to wait; another one is served', async () => {
  await api.close();
  api = await startTestApi(database, { nowMs: () => 1_800_000_000_000 });
  const made = await api.send({
    method: 'POST',
    path: '/workspaces/main/tokens',
    body: { name: 'ci', permissions: [] },
  });
  const answers = await Promise.all(
    Array.from({ length: 205 }, () => api.send({ path: '/me', token: api.administrator })),
  );
  const refused = answers.filter((answer) => answer.status === 429);
  assert.ok(refused.length >= 5, String(refused.length));
  assert.equal(refused[0]?.headers['retry-after'], '1');
  const other = await api.send({ path: '/me', token: String(made.body['token']) });
  assert.notEqual(other.status, 429);
});

test('While PostgreSQL is away requests are answered quickly; when it is back all goes on by itself', async () => {
  assert.equal((await api.send({ path: '/me' })).status, 200);
  await database.postgres.restart(async () => {
    const beganAtMs = Date.now();
    const away = await api.send({ path: '/me' });
    assert.deepEqual([away.status, away.body['code']], [503, 'database-unavailable']);
    assert.ok(Date.now() - beganAtMs < 4_000);
    const health = await api.send({ path: '/health', token: null });
    assert.deepEqual([health.status, health.body['database']], [200, 'down']);
  });
  assert.equal((await api.send({ path: '/me' })).status, 200);
});

test('The API listens on its socket, serves over one connection and lets go of it when it closes', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'ringfort-socket-'));
  const socketPath = join(folder, 'api.sock');
  await listenSocket(api.app.server, socketPath);
  const client = new Client('http://api', { socketPath });
  const answer = await client.request({ path: '/v1/health', method: 'GET' });
  assert.equal(answer.statusCode, 200);
  await answer.body.dump();
  await api.close();
  await client.close();
  rmSync(folder, { recursive: true });
});

test('GET /v1/openapi.json describes every route and nothing else', async () => {
  const { body } = await api.send({ path: '/openapi.json', token: null });
  assert.equal(body['openapi'], '3.1.0');
  const paths = z.record(z.string(), z.record(z.string(), z.object({ operationId: z.string() }))).parse(body['paths']);
  const operations = Object.values(paths).flatMap((path) => Object.values(path).map((one) => one.operationId));
  const names = Object.values(api.handlers).map((handler) => handler.route.name);
  assert.deepEqual(operations.toSorted(), names.toSorted());
});
