import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { ensureDatabase } from './ensure-database.ts';
import { migrateDatabase } from './migrate-database.ts';
import { startTestPostgres, type TestPostgres } from './test-postgres.ts';
import { Client } from 'pg';

let postgres: TestPostgres;

before(async () => {
  postgres = await startTestPostgres();
});
after(() => postgres.stop());

const migrate = async (database: string): Promise<readonly string[]> => {
  const lines: string[] = [];
  const connectionString = postgres.connect({ role: 'postgres', database });
  await ensureDatabase(connectionString);
  await migrateDatabase({ connectionString, passwords: {}, report: (line) => void lines.push(line) });
  return lines;
};

async function run(database: string, text: string): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const client = new Client({ connectionString: postgres.connect({ role: 'postgres', database }) });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(text)).rows;
  } finally {
    await client.end();
  }
}

test('migrateDatabase() makes the database, applies every migration once, and changes nothing the second time', async () => {
  const first = await migrate('one');
  assert.ok(first.length >= 2);
  assert.match(first[0] ?? '', /0001-foundation\.sql/u);
  assert.deepEqual(await migrate('one'), []);
});

test('migrateDatabase() works for one at a time; the second waits and finds all done', async () => {
  await run('postgres', 'create database two');
  const lines = await Promise.all([migrate('two'), migrate('two')]);
  assert.equal(lines.filter((some) => some.length > 0).length, 1);
});

test('migrateDatabase() refuses a migration that was changed after it was applied', async () => {
  await run('one', `update ringfort_migrations.applied set sha256 = 'x' where name like '0001%'`);
  await assert.rejects(migrate('one'), /0001-foundation\.sql was changed after it was applied/u);
});

test('migrateDatabase() leaves nothing of a migration that fails', async () => {
  await run('postgres', 'create database three');
  await run('three', 'create schema ringfort; create table ringfort.projects (id int)');
  await assert.rejects(migrate('three'), /failed and was undone/u);
  const rows = await run('three', 'select name from ringfort_migrations.applied');
  assert.deepEqual(rows, []);
});

test('migrateDatabase() refuses roles that could get past the walls', async () => {
  await run('postgres', 'alter role ringfort_runtime bypassrls');
  await assert.rejects(migrate('four'), /do more than Ringfort's roles must: ringfort_runtime/u);
  await run('postgres', 'alter role ringfort_runtime nobypassrls');
  assert.ok((await migrate('four')).length > 0);
});

test('migrateDatabase() works as the owner of an external database who is no superuser', async () => {
  await run('postgres', `create role owner_of_all login createrole`);
  await run(
    'postgres',
    'grant ringfort_owner, ringfort_runtime, ringfort_reconciler to owner_of_all with admin option',
  );
  await run('postgres', 'create database five owner owner_of_all');
  const connectionString = postgres.connect({ role: 'owner_of_all', database: 'five' });
  const passwords = { runtime: `a'b`, reconciler: 'c' };
  await migrateDatabase({ connectionString, passwords, report: () => undefined });
  const [row] = await run('five', 'select count(*)::int as n from ringfort.workspaces');
  assert.equal(row?.['n'], 0);
});
