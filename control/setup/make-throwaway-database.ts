import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { Client } from 'pg';

import { openDatabase } from '../db/database.ts';
import { ensureDatabase } from '../db/ensure-database.ts';
import { migrateDatabase, type MigrateOptions } from '../db/migrate-database.ts';
import { issueAdministratorToken, type IssueTools } from './issue-administrator-token.ts';

/**
 * Makes `ringfort_throwaway` beside the live database: the same migrations, one workspace, and the function that takes the audit wall
 * down. Break tests act on it; it holds nothing of anybody. The token of its administrator is thrown away.
 */
export async function makeThrowawayDatabase(options: MigrateOptions & IssueTools): Promise<void> {
  const connectionString = throwawayConnection(options.connectionString);
  await ensureDatabase(connectionString);
  await migrateDatabase({ ...options, connectionString, report: () => undefined });
  const owner = openDatabase({
    connectionString,
    applicationName: 'ringfort-migrate',
    role: 'ringfort_owner',
    onError: () => undefined,
  });
  try {
    await issueAdministratorToken(owner, options);
  } finally {
    await owner.close();
  }
  await installInjection(connectionString);
}

const databaseName = 'ringfort_throwaway';

/** The same server and role, another database. */
function throwawayConnection(connectionString: string): string {
  const url = new URL(connectionString);
  url.pathname = `/${databaseName}`;
  return url.href;
}

async function installInjection(connectionString: string): Promise<void> {
  const client = new Client({ connectionString, application_name: 'ringfort-migrate' });
  await client.connect();
  try {
    await client.query('set role ringfort_owner');
    await client.query(await readFile(join(import.meta.dirname, '../db/throwaway.sql'), 'utf8'));
  } finally {
    await client.end();
  }
}
