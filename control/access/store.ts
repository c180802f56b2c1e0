import { sql } from 'kysely';

import { translateDatabaseError } from '../db/database-problem.ts';
import type { Database } from '../db/database.ts';
import { Actor } from './actor.ts';

/** The actor of the token with this digest; undefined when it is unknown, expired or revoked. Notes that the token was used. */
export async function findActor(database: Database, sha256: Buffer): Promise<Actor | undefined> {
  try {
    const { rows } = await sql<{ actor: unknown }>`select ringfort.authenticate(${sha256}) as actor`.execute(
      database.kysely,
    );
    const found = rows[0]?.actor ?? null;
    return found === null ? undefined : Actor.parse(found);
  } catch (error) {
    throw translateDatabaseError(error);
  }
}
