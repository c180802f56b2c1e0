import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { Client } from 'pg';

import { installQueues } from '../jobs/install-queues.ts';
import { createRoles, type RolePasswords } from './roles.ts';

export type MigrateOptions = {
  /** A role that may make roles: the superuser of the embedded database, or the owner of an external one. */
  readonly connectionString: string;
  readonly passwords: RolePasswords;
  readonly report: (line: string) => void;
};

/**
 * Brings the database to the newest form: roles, migrations in the order of their names, the queues. Only ever forward; a migration
 * that was changed after it was applied is refused. Of two at the same time the second waits. Safe to repeat and to interrupt.
 */
export async function migrateDatabase(options: MigrateOptions): Promise<void> {
  const client = new Client({ connectionString: options.connectionString, application_name: 'ringfort-migrate' });
  await client.connect();
  try {
    await client.query('select pg_advisory_lock($1)', [lockId]);
    await createRoles(client, options.passwords);
    await client.query('set role ringfort_owner');
    await applyMigrations(client, options.report);
    await installQueues(client);
  } finally {
    await client.end();
  }
}

/** Any number that nobody else locks in this database: the ASCII codes of `ring`. */
const lockId = 0x72_69_6e_67;
const folder = join(import.meta.dirname, 'migrations');

async function applyMigrations(client: Client, report: (line: string) => void): Promise<void> {
  await client.query(`
    create schema if not exists ringfort_migrations;
    create table if not exists ringfort_migrations.applied (
      name text primary key, sha256 text not null, applied_at timestamptz not null default now())`);
  const { rows } = await client.query<Applied>('select name, sha256 from ringfort_migrations.applied');
  const applied = new Map(rows.map((row) => [row.name, row.sha256]));
  for (const migration of await readMigrations()) {
    const known = applied.get(migration.name);
    if (known === undefined) await applyMigration(client, migration, report);
    else if (known !== migration.sha256) {
      throw new Error(`The migration ${migration.name} was changed after it was applied. Write a new one instead.`);
    }
  }
}

type Applied = { readonly name: string; readonly sha256: string };
type Migration = Applied & { readonly text: string };

async function readMigrations(): Promise<readonly Migration[]> {
  const names = (await readdir(folder)).filter((name) => /^\d{4}-[a-z0-9-]+\.sql$/u.test(name)).toSorted();
  return Promise.all(
    names.map(async (name) => {
      const text = await readFile(join(folder, name), 'utf8');
      return { name, text, sha256: createHash('sha256').update(text).digest('hex') };
    }),
  );
}

async function applyMigration(client: Client, migration: Migration, report: (line: string) => void): Promise<void> {
  await client.query('begin');
  try {
    await client.query(migration.text);
    await client.query('insert into ringfort_migrations.applied (name, sha256) values ($1, $2)', [
      migration.name,
      migration.sha256,
    ]);
    await client.query('commit');
  } catch (error) {
    await client.query('rollback');
    throw new Error(`The migration ${migration.name} failed and was undone`, { cause: error });
  }
  report(`Applied the migration ${migration.name}`);
}
