import { sql } from 'kysely';

import type { Database } from './database.ts';

/** Whether the database answers. */
export async function pingDatabase(database: Database): Promise<boolean> {
  return sql`select 1 as up`.execute(database.kysely).then(
    () => true,
    () => false,
  );
}
