import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';

import { Client } from 'pg';

import { uuidv7 } from '@ringfort/kit/uuid.ts';

import { fillTable, listColumns, listTables, loosenConstraints } from './test-rows.ts';
import { startTestDatabases, type TestDatabase, type TestDatabases } from './test-database.ts';

let databases: TestDatabases;
let database: TestDatabase;
const own = uuidv7(1);
const other = uuidv7(2);
const actor = uuidv7(3);
const open: Client[] = [];

before(async () => {
  databases = await startTestDatabases();
  database = await databases.create();
  await loosenConstraints(database);
  for (const table of await listTenantTables()) {
    await fillTable(database, table, {
      workspace_id: own,
      actor_id: actor,
      id: actor,
      request_sha256: Buffer.alloc(32),
    });
    await fillTable(database, table, { workspace_id: other });
  }
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((client) => client.end()));
});
after(async () => {
  await database.close();
  await databases.stop();
});

async function listTenantTables(): Promise<readonly string[]> {
  const tenant: string[] = [];
  for (const table of await listTables(database))
    if ((await listColumns(database, table)).includes('workspace_id')) tenant.push(table);
  return tenant;
}

async function connect(role: 'runtime' | 'reconciler'): Promise<Client> {
  const client = new Client({ connectionString: database.connectionString(role), statement_timeout: 5_000 });
  open.push(client);
  await client.connect();
  return client;
}

/** A session of the runtime role that has set everything it can to look like an operation in the workspace. */
async function forge(workspace = own): Promise<Client> {
  const client = await connect('runtime');
  await client.query('begin');
  const settings = ['workspace', 'actor', 'audited', 'audit_event', 'transaction', 'bypass', 'operation'];
  for (const setting of settings)
    await client.query(`select set_config($1, $2, true)`, [`ringfort.${setting}`, workspace]);
  await client.query(`select set_config('search_path', 'ringfort', true)`);
  return client;
}

async function attempt(client: Client, text: string, values: readonly unknown[] = []): Promise<string> {
  await client.query('savepoint attempt');
  try {
    const { rowCount } = await client.query(text, [...values]);
    await client.query('rollback to savepoint attempt');
    return rowCount === 0 ? 'no row' : 'written';
  } catch (error) {
    await client.query('rollback to savepoint attempt');
    return error instanceof Error && 'code' in error ? String(error.code) : String(error);
  }
}

const wall = 'RF001';
const noPrivilege = '42501';

test('A direct write on any table of a workspace is refused to the runtime role, with every setting forged', async () => {
  const client = await forge();
  const tables = await listTenantTables();
  assert.ok(tables.length >= 15, tables.join(', '));
  for (const table of tables) {
    for (const [verb, statement] of Object.entries(writes(table))) {
      const { rows } = await client.query<{ may: boolean }>('select has_table_privilege($1, $2) as may', [table, verb]);
      const refusal = rows[0]?.may === true ? wall : noPrivilege;
      assert.equal(await attempt(client, statement), refusal, statement);
    }
    assert.equal(await attempt(client, `truncate ${table} cascade`), noPrivilege, table);
  }
  const { rows } = await client.query<{ n: number }>(
    `select count(*)::int as n from pg_class where relnamespace = 'ringfort'::regnamespace and relkind = 'r'
      and has_table_privilege(oid, 'insert')`,
  );
  assert.ok((rows[0]?.n ?? 0) >= 8, 'the role may insert into several tables, so the trigger was reached');
});

function writes(table: string): Readonly<Record<string, string>> {
  return {
    insert: `insert into ${table} (workspace_id) values ('${own}')`,
    update: `update ${table} set workspace_id = workspace_id`,
    delete: `delete from ${table}`,
  };
}

test('An audit event of another workspace does not open this one', async () => {
  const client = await forge(other);
  const record = 'select ringfort.record_audit_event($1, $2, $3, null)';
  await client.query(record, [uuidv7(9), actor, 'forged']);
  const insert = `insert into projects (workspace_id, id, slug) values ($1, $2, 'x')`;
  assert.equal(await attempt(client, insert, [own, uuidv7(10)]), wall);
  await client.query(`select set_config('ringfort.workspace', $1, true)`, [own]);
  assert.equal(await attempt(client, insert, [own, uuidv7(10)]), wall);
  assert.equal(await attempt(client, `update projects set slug = 'stolen'`), wall);
  await client.query(`select set_config('ringfort.workspace', $1, true)`, [other]);
  assert.equal(
    await attempt(client, insert, [other, uuidv7(10)]),
    'written',
    'the twin: the audited workspace is open',
  );
});

test('An audit event of an earlier transaction does not open a later one', async () => {
  const client = await forge();
  await client.query('select ringfort.record_audit_event($1, $2, $3, null)', [uuidv7(11), actor, 'earlier']);
  await client.query('commit');
  await client.query('begin');
  await client.query(`select set_config('ringfort.workspace', $1, true)`, [own]);
  const insert = `insert into ringfort.projects (workspace_id, id, slug) values ($1, $2, 'y')`;
  assert.equal(await attempt(client, insert, [own, uuidv7(12)]), wall);
});

test('A denied attempt does not open the workspace', async () => {
  const client = await forge();
  await client.query('select ringfort.record_denial($1, $2, $3, $4, null, 10)', [uuidv7(13), actor, 'denied', 'x']);
  const insert = `insert into projects (workspace_id, id, slug) values ($1, $2, 'z')`;
  assert.equal(await attempt(client, insert, [own, uuidv7(14)]), wall);
});

test('The runtime role cannot become another role, turn walls off or read past row-level security', async () => {
  const client = await forge();
  const statements = [
    'set role ringfort_owner',
    'set role ringfort_reconciler',
    'set role postgres',
    'set session authorization ringfort_owner',
    `set session_replication_role = 'replica'`,
    'alter table projects disable trigger all',
    'alter table projects no force row level security',
    'drop trigger audited on projects',
    'create table ringfort.mine (id int)',
    'create temporary table mine (id int)',
    'create schema mine',
    `create function ringfort.mine() returns int language sql as 'select 1'`,
    'select * from ringfort_migrations.applied',
    'insert into audit_events default values',
    'select ringfort.is_audited(gen_random_uuid())',
    'select ringfort.list_workspace_ids()',
    `select pgboss.create_queue('mine', '{}')`,
    'delete from pgboss.job_common',
    'select data from pgboss.job_common',
    `copy projects to program 'true'`,
    `select pg_read_file('/etc/passwd')`,
  ];
  for (const statement of statements) assert.equal(await attempt(client, statement), noPrivilege, statement);
  await client.query('set local row_security = on');
  const { rows } = await client.query<{ n: string }>('select count(*) as n from projects');
  assert.equal(rows[0]?.n, '1', 'one workspace is seen');
  assert.equal(await attempt(client, 'set local row_security = off'), 'written');
  await client.query('set local row_security = off');
  assert.equal(await attempt(client, 'select * from projects'), noPrivilege, 'off means an error, never more rows');
});

test('The audit log cannot be changed, not even by the owner of its table', async () => {
  const walk = [
    `update ringfort.audit_events set subject = 'x'`,
    'delete from ringfort.audit_events',
    'truncate ringfort.audit_events',
  ];
  for (const statement of walk) {
    const forged = `select set_config('ringfort.workspace', '${own}', false)`;
    await assert.rejects(database.query('owner', `${forged}; ${statement}`), /audit log cannot be changed/u, statement);
  }
});

test('The reconcilers’ role writes what was observed and reads what is wanted, and no more', async () => {
  const client = await connect('reconciler');
  await client.query('begin');
  await client.query(`select set_config('ringfort.workspace', $1, true), set_config('search_path', 'ringfort', true)`, [
    own,
  ]);
  for (const table of ['projects', 'environments', 'domains', 'workspaces', 'deployments']) {
    assert.equal(await attempt(client, `select * from ${table}`), 'written', `${table} can be read`);
    assert.equal(await attempt(client, `delete from ${table}`), noPrivilege, table);
    assert.equal(await attempt(client, `update ${table} set workspace_id = workspace_id`), noPrivilege, table);
  }
  for (const table of ['tokens', 'actors', 'grants', 'platform_grants', 'audit_events', 'token_uses']) {
    assert.equal(await attempt(client, `select * from ${table}`), noPrivilege, table);
  }
  assert.equal(await attempt(client, `update environment_observations set message = 'seen'`), 'written');
  const stolen = `insert into environment_observations (workspace_id, environment_id) values ($1, $2)`;
  assert.equal(await attempt(client, stolen, [other, uuidv7(15)]), noPrivilege);
  assert.equal(await attempt(client, 'select ringfort.authenticate(null)'), noPrivilege);
});
