import { sql, type Transaction as KyselyTransaction } from 'kysely';

import type { ActorId, WorkspaceId } from '@ringfort/contracts/identifiers.ts';

import { translateDatabaseError } from './database-problem.ts';
import type { Database } from './database.ts';
import type { Tables } from './tables.ts';

export type Transaction = KyselyTransaction<Tables>;

/**
 * Runs `run` in one transaction that sees one workspace (row-level security hides every other). The settings end with the transaction.
 * `readOnly` is for everything that changes nothing. A database that does not answer becomes the Problem `database-unavailable`.
 */
export async function inWorkspace<T>(
  database: Database,
  scope: WorkspaceScope,
  run: (tx: Transaction) => Promise<T>,
): Promise<T> {
  try {
    return await database.kysely
      .transaction()
      .setAccessMode(scope.readOnly === true ? 'read only' : 'read write')
      .execute(async (tx) => {
        await enterWorkspace(tx, scope);
        return run(tx);
      });
  } catch (error) {
    throw translateDatabaseError(error);
  }
}

export type WorkspaceScope = {
  readonly workspaceId: WorkspaceId;
  readonly actorId?: ActorId;
  readonly readOnly?: boolean;
};

/** Lets the transaction see one workspace, and the rows that belong to one actor, from here on. */
export async function enterWorkspace(tx: Transaction, scope: WorkspaceScope): Promise<void> {
  await sql`select set_config('ringfort.workspace', ${scope.workspaceId}, true),
    set_config('ringfort.actor', ${scope.actorId ?? ''}, true)`.execute(tx);
}
