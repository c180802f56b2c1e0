import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { api as routes } from '@ringfort/contracts/api/api.ts';
import { Permission } from '@ringfort/contracts/permissions.ts';
import type { Route } from '@ringfort/contracts/route.ts';

import { isPlatformPermission } from './access/permission-scopes.ts';
import { startTestDatabases, type TestDatabase, type TestDatabases } from './db/test-database.ts';
import { startTestApi, type TestAnswer, type TestApi } from './test-api.ts';

let databases: TestDatabases;
let database: TestDatabase;
let api: TestApi;
/** A token of the workspace `own` that may do nothing, and one of the same workspace that may do everything in it. */
let powerless: string;
let mighty: string;

before(async () => {
  databases = await startTestDatabases();
  database = await databases.create();
  let nowMs = Date.now();
  // A second passes between requests, so that the limit of requests plays no part.
  api = await startTestApi(database, { nowMs: () => (nowMs += 1_000) });
  for (const slug of ['own', 'foreign']) await api.send({ method: 'POST', path: '/workspaces', body: { slug } });
  powerless = await makeToken([]);
  mighty = await makeToken(Permission.options.filter((permission) => !isPlatformPermission(permission)));
});
after(async () => {
  await api.close();
  await database.close();
  await databases.stop();
});

async function makeToken(permissions: readonly Permission[]): Promise<string> {
  const body = { name: permissions.length === 0 ? 'powerless' : 'mighty', permissions };
  const made = await api.send({ method: 'POST', path: '/workspaces/own/tokens', body });
  assert.equal(made.status, 201);
  return String(made.body['token']);
}

const all: readonly (readonly [string, Route])[] = Object.entries(routes);
const guarded = all.filter(([, route]) => route.needs !== 'public' && route.needs !== 'signed-in');
const inWorkspace = guarded.filter(([, route]) => route.path.includes(':workspace'));

function pathOf(route: Route, workspace: string): string {
  const names: Readonly<Record<string, string>> = { workspace, hostname: 'www.example.org' };
  const ids = new Set(['token', 'deployment']);
  return route.path
    .replace('/v1', '')
    .replaceAll(
      /:(\w+)/gu,
      (_all, name: string) => names[name] ?? (ids.has(name) ? '01a20000-0000-7000-8000-000000000001' : 'x'),
    );
}

async function call(route: Route, workspace: string, token: string | null): Promise<TestAnswer> {
  assert.notEqual(route.method, 'PUT');
  const method = route.method === 'PUT' ? 'POST' : route.method;
  return api.send({ method, path: pathOf(route, workspace), token });
}

async function newestEvent(): Promise<Readonly<Record<string, unknown>> | undefined> {
  const [event] = await database.query(
    'superuser',
    `select e.action, e.outcome, e.actor_name, e.subject, w.slug as workspace from ringfort.audit_events e
     join ringfort.workspaces w using (workspace_id) order by e.id desc limit 1`,
  );
  return event;
}

test('Every route has a handler that was made for it', () => {
  for (const [name, route] of all)
    assert.equal(Object.entries(api.handlers).find(([key]) => key === name)?.[1].route, route, name);
  assert.equal(Object.keys(api.handlers).length, all.length);
});

test('Every route has a name of its own, and what is public is a closed list', () => {
  const names = all.map(([, route]) => route.name);
  assert.equal(new Set(names).size, names.length);
  const open = all.filter(([, route]) => route.needs === 'public').map(([, route]) => route.name);
  assert.deepEqual(open, ['platform.health']);
  const signedIn = all.filter(([, route]) => route.needs === 'signed-in').map(([, route]) => route.name);
  assert.deepEqual(signedIn, ['me.read', 'workspace.list']);
});

test('Every permission is asked for by a route', () => {
  const asked = new Set(all.map(([, route]) => route.needs));
  assert.deepEqual(
    Permission.options.filter((permission) => !asked.has(permission)),
    [...unasked],
  );
});

/** Permissions that no route asks for yet. May only shrink. */
const unasked: readonly Permission[] = ['workspace:read'];

for (const [name, route] of all.filter(([, { needs }]) => needs !== 'public'))
  test(`${name}() is refused without a token`, async () => {
    const answer = await call(route, 'own', null);
    assert.deepEqual([answer.status, answer.body['code']], [401, 'token-missing']);
  });

for (const [name, route] of guarded)
  test(`${name}() is refused without ${route.needs}, and the attempt is in the audit log`, async () => {
    const answer = await call(route, 'own', powerless);
    assert.deepEqual([answer.status, answer.body['code']], [403, 'permission-denied']);
    assert.match(String(answer.body['detail']), new RegExp(route.needs, 'u'));
    const subject = `/v1${pathOf(route, 'own')}`;
    const workspace = 'own';
    assert.deepEqual(await newestEvent(), {
      action: route.name,
      outcome: 'denied',
      actor_name: 'powerless',
      subject,
      workspace,
    });
  });

for (const [name, route] of inWorkspace)
  test(`${name}() does not find another workspace, whatever the token may do in its own`, async () => {
    const answer = await call(route, 'foreign', mighty);
    assert.deepEqual([answer.status, answer.body['code']], [404, 'not-found']);
    const absent = await call(route, 'never-made', mighty);
    assert.equal(
      absent.body['detail'],
      String(answer.body['detail']).replace('foreign', 'never-made'),
      'nothing tells them apart',
    );
    const event = await newestEvent();
    assert.deepEqual([event?.['outcome'], event?.['workspace']], ['denied', 'own'], 'recorded where the actor belongs');
  });
