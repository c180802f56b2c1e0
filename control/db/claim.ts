import { sql } from 'kysely';

import type { Database } from './database.ts';

/**
 * Runs `run` while this program alone holds the name, among all that use the database; false when somebody else holds it. The claim
 * ends with the connection, so a program that was killed holds nothing.
 */
export async function claim(database: Database, name: string, run: () => Promise<void>): Promise<boolean> {
  return database.kysely.connection().execute(async (connection) => {
    const { rows } = await sql<{ held: boolean }>`
      select pg_try_advisory_lock(hashtextextended(${name}, 1)) as held`.execute(connection);
    if (rows[0]?.held !== true) return false;
    try {
      await run();
      return true;
    } finally {
      await sql`select pg_advisory_unlock(hashtextextended(${name}, 1))`.execute(connection);
    }
  });
}
