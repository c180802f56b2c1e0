import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { api as routes } from '@ringfort/contracts/api/api.ts';
import { ActorId, WorkspaceId } from '@ringfort/contracts/identifiers.ts';
import { ProjectSlug } from '@ringfort/contracts/names.ts';
import type { Route } from '@ringfort/contracts/route.ts';
import { uuidv7 } from '@ringfort/kit/uuid.ts';
import { sql } from 'kysely';

import { recordAllowed } from './db/audit-log.ts';
import { startTestDatabases, type TestDatabase, type TestDatabases } from './db/test-database.ts';
import { fillTable, listTables } from './db/test-rows.ts';
import { inWorkspace } from './db/transaction.ts';
import { getProject, listProjectRows } from './features/projects/store.ts';
import { listTokenRows } from './features/tokens/store.ts';
import { startTestApi, type TestApi } from './test-api.ts';

let databases: TestDatabases;
let database: TestDatabase;
let api: TestApi;
let own: WorkspaceId;
let foreign: WorkspaceId;
let actorId: ActorId;
/** May do everything in the workspace `own`, and nothing elsewhere. */
let token: string;
let foreignToken: string;
const deploymentId = uuidv7(1);
const first = { limit: 50, afterKey: undefined };

before(async () => {
  databases = await startTestDatabases();
  database = await databases.create();
  api = await startTestApi(database);
  own = await makeWorkspace('own');
  foreign = await makeWorkspace('foreign');
  const me = await api.send({ path: '/me' });
  actorId = ActorId.parse(me.body['actorId']);
  const permissions = [
    'token:read',
    'token:revoke',
    'project:create',
    'project:read',
    'project:delete',
    'environment:create',
    'environment:read',
    'environment:delete',
    'deployment:create',
    'deployment:read',
    'logs:read',
    'domain:add',
    'domain:read',
    'domain:verify',
    'domain:remove',
    'audit:read',
  ];
  token = String((await post('/workspaces/own/tokens', { name: 'mighty', permissions })).body['token']);
  foreignToken = String((await post('/workspaces/foreign/tokens', { name: 'foreign', permissions: [] })).body['id']);
  await post('/workspaces/own/projects', { slug: 'mine' });
  await post('/workspaces/foreign/projects', { slug: 'theirs' });
  const environment = await post('/workspaces/foreign/projects/theirs/environments', {
    slug: 'live',
    stage: 'production',
  });
  await post('/workspaces/foreign/projects/theirs/environments/live/domains', { hostname: 'theirs.example.org' });
  const deployment = {
    workspace_id: foreign,
    id: deploymentId,
    environment_id: environment.body['id'],
    kind: 'source',
  };
  await fillTable(database, 'deployments', { ...deployment, config: '{}', source_digest: 'a'.repeat(64) });
});
after(async () => {
  await api.close();
  await database.close();
  await databases.stop();
});

async function makeWorkspace(slug: string): Promise<WorkspaceId> {
  return WorkspaceId.parse((await post('/workspaces', { slug })).body['id']);
}

async function post(path: string, body: unknown) {
  const answer = await api.send({ method: 'POST', path, body });
  assert.equal(answer.status, 201, JSON.stringify(answer.body));
  return answer;
}

test('Row-level security alone: a store that is asked for another workspace finds nothing', async () => {
  await inWorkspace(database.runtime, { workspaceId: own, actorId, readOnly: true }, async (tx) => {
    const theirs = { workspaceId: foreign, project: ProjectSlug.parse('theirs') };
    await assert.rejects(getProject(tx, theirs), { code: 'not-found' });
    assert.deepEqual(await listProjectRows(tx, foreign, first), []);
    assert.deepEqual(await listTokenRows(tx, foreign, first), []);
    assert.equal((await listProjectRows(tx, own, first)).length, 1, 'the twin: its own are found');
  });
});

test('Row-level security alone: no table shows or takes a row of another workspace', async () => {
  const tables = await listTables(database);
  for (const table of tables) {
    const [{ has } = { has: false }] = await database.query(
      'superuser',
      `select exists (select from information_schema.columns where table_schema = 'ringfort' and table_name = $1
         and column_name = 'workspace_id') and has_table_privilege('ringfort_runtime', 'ringfort.' || $1, 'select') as has`,
      [table],
    );
    if (has !== true) continue;
    await inWorkspace(database.runtime, { workspaceId: own, actorId }, async (tx) => {
      await recordAllowed(tx, { id: uuidv7(Date.now()), actorId, action: 'test', requestId: null });
      const { rows } = await sql<{
        n: number;
      }>`select count(*)::int as n from ${sql.table(table)} where workspace_id = ${foreign}`.execute(tx);
      // The administrator's own row is seen wherever it has a grant.
      assert.equal(rows[0]?.n, 0, table);
    });
  }
});

test('Row-level security alone: an audited transaction changes nothing of another workspace', async () => {
  await inWorkspace(database.runtime, { workspaceId: own, actorId }, async (tx) => {
    await recordAllowed(tx, { id: uuidv7(Date.now()), actorId, action: 'test', requestId: null });
    for (const table of ['projects', 'environments', 'domains', 'tokens', 'grants']) {
      const name = sql.table(table);
      const changed = await sql`update ${name} set workspace_id = workspace_id where workspace_id = ${foreign}`.execute(
        tx,
      );
      const removed = await sql`delete from ${name} where workspace_id = ${foreign}`.execute(tx);
      assert.deepEqual([changed.numAffectedRows, removed.numAffectedRows], [0n, 0n], table);
    }
    const moved = sql`update projects set workspace_id = ${foreign} where workspace_id = ${own}`.execute(tx);
    await assert.rejects(moved, /outside an operation|row-level security/u);
  }).catch((error: unknown) => {
    // The last statement has ended the transaction; what matters was asserted before.
    if (error instanceof assert.AssertionError) throw error;
  });
});

const bodies: Readonly<Record<string, unknown>> = {
  'environment.create': { slug: 'mine', stage: 'test' },
  'deployment.create': {
    sourceDigest: 'a'.repeat(64),
    config: { name: 'theirs', applications: { web: { runtime: 'node@24', start: 'node .' } } },
  },
  'deployment.rollback': {},
  'domain.add': { hostname: 'mine.example.org' },
};

const all: readonly Route[] = Object.values(routes);
const nested = all.filter((route) => route.path.includes('/:project') || route.path.includes('/:token'));

test('The permission check alone: without row-level security, other workspaces are still not found', async () => {
  for (const table of await listTables(database))
    await database.query(
      'superuser',
      `alter table ringfort.${table} no force row level security, disable row level security`,
    );
  const seen = await inWorkspace(database.runtime, { workspaceId: own, readOnly: true }, (tx) =>
    listProjectRows(tx, foreign, first),
  );
  assert.equal(seen.length, 1, 'the twin: this wall is really down');
  const theirs = {
    workspace: 'own',
    project: 'theirs',
    environment: 'live',
    hostname: 'theirs.example.org',
    deployment: deploymentId,
    token: foreignToken,
  };
  assert.ok(nested.length >= 16, String(nested.length));
  for (const route of nested) {
    assert.notEqual(route.method, 'PUT');
    const method = route.method === 'PUT' ? 'POST' : route.method;
    const filled = Object.entries(theirs).reduce((path, [name, value]) => path.replace(`:${name}`, value), route.path);
    const path = `${filled.replace('/v1', '')}${route.name === 'environment.delete' ? '?confirm=live' : ''}`;
    const body = bodies[route.name];
    for (const workspace of ['own', 'foreign']) {
      const request = { method, path: path.replace('/own', `/${workspace}`), token } as const;
      const answer = await api.send(body === undefined ? request : { ...request, body });
      assert.deepEqual([answer.status, answer.body['code']], [404, 'not-found'], `${method} ${request.path}`);
    }
  }
});

test('The permission check alone: without row-level security, lists hold the own workspace’s things only', async () => {
  for (const list of ['projects', 'tokens', 'audit-events?action=project.create', 'audit-events?action=domain.add']) {
    const { body } = await api.send({ path: `/workspaces/own/${list}`, token });
    // What this very token was denied is its own workspace's; nothing else names the other one.
    const items = JSON.stringify(body['items']).replaceAll(/"subject":"\/v1\/workspaces\/foreign[^"]*"/gu, '');
    assert.doesNotMatch(items, /theirs|foreign/u, list);
  }
  const workspaces = await api.send({ path: '/workspaces', token });
  assert.doesNotMatch(JSON.stringify(workspaces.body), /foreign|main/u);
});
