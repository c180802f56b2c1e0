import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { startTestDatabases, type TestDatabase, type TestDatabases } from './test-database.ts';

let databases: TestDatabases;
let database: TestDatabase;

before(async () => {
  databases = await startTestDatabases();
  database = await databases.create();
});
after(async () => {
  await database.close();
  await databases.stop();
});

/** Tables without a workspace. Each has row-level security of its own kind; a new one needs a reason and a line here. */
const platformTables = [
  'control_proofs',
  'control_results',
  'edge_snapshot_versions',
  'edge_snapshots',
  'edges',
  'idempotency_keys',
  'platform_certificates',
];
/** What runs as the owner. Each was read line by line for what a hostile caller can make of it. */
const definerFunctions = [
  'authenticate(bytea)',
  'complete_audit_event(uuid,text,jsonb,jsonb)',
  'is_audited(uuid)',
  'list_workspace_ids()',
  'record_audit_event(uuid,uuid,text,uuid)',
  'record_denial(uuid,uuid,text,text,uuid,integer)',
  'refuse_unaudited_write()',
];

async function list(text: string): Promise<readonly string[]> {
  const rows = await database.query('superuser', text);
  return rows.map((row) => String(row['name']));
}

const tables = `pg_class c where c.relnamespace = 'ringfort'::regnamespace and c.relkind in ('r', 'p')`;
const hasWorkspace = `exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'workspace_id' and a.attnotnull)`;

test('Every table belongs to a workspace, but for a closed list', async () => {
  const without = await list(`select c.relname as name from ${tables} and not ${hasWorkspace} order by 1`);
  assert.deepEqual(
    without.filter((name) => !platformTables.includes(name)),
    [],
  );
});

test('Every table has row-level security in force, also for its owner', async () => {
  const open = await list(
    `select c.relname as name from ${tables} and not (c.relrowsecurity and c.relforcerowsecurity)`,
  );
  assert.deepEqual(open, []);
});

test('Every policy that lets something be written checks what is written', async () => {
  const unchecked = await list(`
    select c.relname || '/' || p.polname as name from pg_policy p join pg_class c on c.oid = p.polrelid
    where c.relnamespace = 'ringfort'::regnamespace and p.polcmd <> 'r' and p.polwithcheck is null`);
  assert.deepEqual(unchecked, []);
});

test('Policies that are wider than a workspace are for the owner’s functions or the reconcilers, and are a closed list', async () => {
  const wide = await list(`
    select c.relname || ' ' || p.polname || ' ' || array_to_string(p.polroles::regrole[], ',') as name
    from pg_policy p join pg_class c on c.oid = p.polrelid
    where c.relnamespace = 'ringfort'::regnamespace
      and pg_get_expr(p.polqual, p.polrelid) is distinct from '(workspace_id = current_workspace())'
      and ${hasWorkspace} order by 1`);
  assert.deepEqual(wide, [
    'actors authenticate ringfort_owner',
    'actors workspace -',
    'grants authenticate ringfort_owner',
    'platform_grants authenticate ringfort_owner',
    'token_uses authenticate ringfort_owner',
    'tokens authenticate ringfort_owner',
    'workspaces authenticate ringfort_owner',
  ]);
});

test('Every table of a workspace that the runtime role can write has the write trigger on every kind of write', async () => {
  const bare = await list(`
    select c.relname as name from ${tables} and ${hasWorkspace}
      and (has_table_privilege('ringfort_runtime', c.oid, 'insert') or has_table_privilege('ringfort_runtime', c.oid, 'update')
        or has_table_privilege('ringfort_runtime', c.oid, 'delete'))
      and not exists (
        select from pg_trigger t where t.tgrelid = c.oid and t.tgenabled in ('O', 'A')
          and t.tgfoid = 'ringfort.refuse_unaudited_write'::regproc
          -- row (1), before (2), insert (4), delete (8), update (16): src/include/catalog/pg_trigger.h
          and t.tgtype = 31 and t.tgqual is null)`);
  assert.deepEqual(bare, []);
});

test('No column privilege lets the runtime role write where the table does not', async () => {
  const columns = await list(`
    select c.relname || '.' || a.attname as name from pg_attribute a join ${tables.replace(' where ', ' on c.oid = a.attrelid and ')}
      and a.attacl is not null`);
  assert.deepEqual(columns, []);
});

test('No role but the owner can truncate, add triggers or references, or grant further', async () => {
  const granted = await list(`
    select c.relname || ' ' || x.grantee::regrole || ' ' || x.privilege_type as name
    from ${tables.replace(' where ', ', aclexplode(c.relacl) x where ')}
      and x.grantee <> 'ringfort_owner'::regrole
      and (x.privilege_type in ('TRUNCATE', 'TRIGGER', 'REFERENCES', 'MAINTAIN') or x.is_grantable)`);
  assert.deepEqual(granted, []);
  const everybody = await list(`
    select n.nspname || '.' || c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace,
      aclexplode(c.relacl) x where n.nspname in ('ringfort', 'pgboss', 'ringfort_migrations') and x.grantee = 0`);
  assert.deepEqual(everybody, []);
});

test('Every foreign key between tables of workspaces carries the workspace', async () => {
  const loose = await list(`
    select f.conrelid::regclass || ' ' || f.conname as name from pg_constraint f
    where f.contype = 'f' and f.connamespace = 'ringfort'::regnamespace
      and exists (select from pg_attribute a where a.attrelid = f.conrelid and a.attname = 'workspace_id')
      and not exists (
        select from pg_attribute a where a.attrelid = f.confrelid and a.attnum = any (f.confkey) and a.attname = 'workspace_id')`);
  assert.deepEqual(loose, []);
});

test('Every foreign key has an index that begins with its columns', async () => {
  const slow = await list(`
    select f.conrelid::regclass || ' ' || f.conname as name from pg_constraint f
    where f.contype = 'f' and f.connamespace = 'ringfort'::regnamespace and not exists (
      select from pg_index i where i.indrelid = f.conrelid and i.indpred is null
        and (i.indkey::int2[])[0:array_length(f.conkey, 1) - 1] @> f.conkey
        and (i.indkey::int2[])[0:array_length(f.conkey, 1) - 1] <@ f.conkey)`);
  assert.deepEqual(slow, []);
});

test('Functions that run as the owner are a closed list, with a pinned search path, and closed to everybody else', async () => {
  const definers = await list(`
    select replace(p.oid::regprocedure::text, 'ringfort.', '') as name from pg_proc p
    where p.pronamespace = 'ringfort'::regnamespace and p.prosecdef order by 1`);
  assert.deepEqual(definers, definerFunctions);
  const unpinned = await list(`
    select p.oid::regprocedure::text as name from pg_proc p
    where p.pronamespace = 'ringfort'::regnamespace
      and not coalesce(array_to_string(p.proconfig, ','), '') like 'search_path=pg_catalog, pg_temp%'`);
  assert.deepEqual(unpinned, []);
  const open = await list(`
    select p.oid::regprocedure::text as name from pg_proc p
    where p.pronamespace in ('ringfort'::regnamespace, 'pgboss'::regnamespace)
      and (p.proacl is null or exists (select from aclexplode(p.proacl) x where x.grantee = 0))`);
  assert.deepEqual(open, []);
  const foreign = await list(`
    select p.oid::regprocedure::text as name from pg_proc p join pg_namespace n on n.oid = p.pronamespace
    where p.prosecdef and n.nspname not in ('ringfort')`);
  assert.deepEqual(foreign, []);
});

test('Which functions each role may call is a closed list', async () => {
  const callable = (role: string): Promise<readonly string[]> =>
    list(`select replace(p.oid::regprocedure::text, 'ringfort.', '') as name from pg_proc p
      where p.pronamespace = 'ringfort'::regnamespace and has_function_privilege('${role}', p.oid, 'execute') order by 1`);
  assert.deepEqual(await callable('ringfort_runtime'), [
    'authenticate(bytea)',
    'complete_audit_event(uuid,text,jsonb,jsonb)',
    'current_actor()',
    'current_workspace()',
    'record_audit_event(uuid,uuid,text,uuid)',
    'record_denial(uuid,uuid,text,text,uuid,integer)',
  ]);
  assert.deepEqual(await callable('ringfort_reconciler'), [
    'current_actor()',
    'current_workspace()',
    'list_workspace_ids()',
  ]);
});

test('There is no view, no rule and no foreign table through which rows could be seen', async () => {
  const views = await list(`
    select c.relname as name from pg_class c where c.relnamespace = 'ringfort'::regnamespace and c.relkind in ('v', 'm', 'f')
    union all select r.rulename from pg_rewrite r join pg_class c on c.oid = r.ev_class
      where c.relnamespace = 'ringfort'::regnamespace`);
  assert.deepEqual(views, []);
});

test('The roles of the running platform own nothing and are members of nothing', async () => {
  const owned = await list(`
    select c.relname as name from pg_class c where c.relowner in ('ringfort_runtime'::regrole, 'ringfort_reconciler'::regrole)
    union all select p.proname from pg_proc p where p.proowner in ('ringfort_runtime'::regrole, 'ringfort_reconciler'::regrole)
    union all select n.nspname from pg_namespace n where n.nspowner in ('ringfort_runtime'::regrole, 'ringfort_reconciler'::regrole)
    union all select m.roleid::regrole::text from pg_auth_members m
      where m.member in ('ringfort_runtime'::regrole, 'ringfort_reconciler'::regrole)`);
  assert.deepEqual(owned, []);
  const mighty = await list(`
    select rolname as name from pg_roles where rolname like 'ringfort%'
      and (rolsuper or rolbypassrls or rolcreatedb or rolcreaterole or rolreplication)`);
  assert.deepEqual(mighty, []);
});
