import { sql } from 'kysely';

import type { ActorId, WorkspaceId } from '@ringfort/contracts/identifiers.ts';
import type { Permission } from '@ringfort/contracts/permissions.ts';

import type { Transaction } from '../db/transaction.ts';

export type Administrator = { readonly workspaceId: WorkspaceId; readonly actorId: ActorId };

/** The administrator that the set-up made, wherever the transaction is: the owner sees every actor. Waits for another set-up. */
export async function findAdministrator(tx: Transaction): Promise<Administrator | undefined> {
  await sql`select pg_advisory_xact_lock(hashtextextended('administrator', 2))`.execute(tx);
  const row = await tx
    .selectFrom('actors')
    .select(['workspace_id as workspaceId', 'id as actorId'])
    .where('kind', '=', 'administrator')
    .executeTakeFirst();
  return row;
}

/** Gives an actor permissions that belong to no workspace. Only the owner may. */
export async function grantPlatform(
  tx: Transaction,
  actor: Administrator,
  permissions: readonly Permission[],
): Promise<void> {
  await sql`insert into ringfort.platform_grants (workspace_id, actor_id, permissions)
    values (${actor.workspaceId}, ${actor.actorId}, ${[...permissions]})`.execute(tx);
}

/** Revokes every token of an actor that is still good. */
export async function revokeAll(tx: Transaction, actorId: ActorId, at: Date): Promise<void> {
  await tx
    .updateTable('tokens')
    .set({ revoked_at: at })
    .where('actor_id', '=', actorId)
    .where('revoked_at', 'is', null)
    .execute();
}
