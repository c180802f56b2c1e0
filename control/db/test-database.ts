import { Client } from 'pg';

import { type Database, openDatabase } from './database.ts';
import { migrateDatabase } from './migrate-database.ts';
import { startTestPostgres, type TestPostgres } from './test-postgres.ts';

/** One server for the test process with a migrated template; each `create` gives a fresh database in a few milliseconds. */
export type TestDatabases = { readonly create: () => Promise<TestDatabase>; readonly stop: () => Promise<void> };

export type TestDatabase = {
  /** As the role that serves requests. */
  readonly runtime: Database;
  readonly reconciler: Database;
  readonly connectionString: (role: TestRole) => string;
  /** Runs one statement as a role; as `owner` inside `set role ringfort_owner`. */
  readonly query: (role: TestRole, text: string, values?: readonly unknown[]) => Promise<readonly Row[]>;
  readonly postgres: TestPostgres;
  readonly close: () => Promise<void>;
};

/** `replica` is the superuser with triggers and foreign keys asleep, for rows that a test makes up. */
export type TestRole = 'superuser' | 'replica' | 'owner' | 'runtime' | 'reconciler';
type Row = Readonly<Record<string, unknown>>;

export async function startTestDatabases(): Promise<TestDatabases> {
  const postgres = await startTestPostgres();
  await administer(postgres, ['create database template_ringfort']);
  const connectionString = postgres.connect({ role: 'postgres', database: 'template_ringfort' });
  await migrateDatabase({ connectionString, passwords: {}, report: () => undefined });
  let count = 0;
  return {
    create: async () => {
      count += 1;
      const name = `test_${count}`;
      await administer(postgres, [
        `create database ${name} template template_ringfort`,
        // Privileges on the database itself are not part of a template.
        `revoke all on database ${name} from public`,
        `grant connect on database ${name} to ringfort_runtime, ringfort_reconciler`,
      ]);
      return openTestDatabase(postgres, name);
    },
    stop: () => postgres.stop(),
  };
}

async function administer(postgres: TestPostgres, statements: readonly string[]): Promise<void> {
  const admin = new Client({ connectionString: postgres.connect({ role: 'postgres', database: 'postgres' }) });
  await admin.connect();
  for (const statement of statements) await admin.query(statement);
  await admin.end();
}

const logins = {
  superuser: 'postgres',
  replica: 'postgres',
  owner: 'postgres',
  runtime: 'ringfort_runtime',
  reconciler: 'ringfort_reconciler',
} as const satisfies Readonly<Record<TestRole, string>>;

function openTestDatabase(postgres: TestPostgres, name: string): TestDatabase {
  const connectionString = (role: TestRole): string => postgres.connect({ role: logins[role], database: name });
  const open = (role: TestRole): Database =>
    openDatabase({
      connectionString: connectionString(role),
      applicationName: 'test',
      connectionsMax: 5,
      onError: () => undefined,
    });
  const runtime = open('runtime');
  const reconciler = open('reconciler');
  return {
    runtime,
    reconciler,
    connectionString,
    postgres,
    query: async (role, text, values) => {
      const client = new Client({
        connectionString: connectionString(role),
        options: '-c search_path=ringfort -c statement_timeout=10000',
      });
      await client.connect();
      try {
        if (role === 'owner') await client.query('set role ringfort_owner');
        if (role === 'replica') await client.query(`set session_replication_role = 'replica'`);
        const { rows } = await client.query<Row>(text, values === undefined ? undefined : [...values]);
        return rows;
      } finally {
        await client.end();
      }
    },
    close: async () => {
      await Promise.all([runtime.close(), reconciler.close()]);
    },
  };
}
