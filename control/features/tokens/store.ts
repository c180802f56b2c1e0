import type { ActorId, WorkspaceId } from '@ringfort/contracts/identifiers.ts';

import type { Transaction } from '../../db/transaction.ts';
import type { Paging } from '../../paging.ts';

export type NewActor = {
  readonly workspaceId: WorkspaceId;
  readonly actorId: ActorId;
  readonly name: string;
  readonly kind: 'administrator' | 'token';
};

export type NewToken = {
  readonly workspaceId: WorkspaceId;
  readonly id: string;
  readonly actorId: ActorId;
  readonly name: string;
  readonly sha256: Buffer;
  readonly expiresAt: Date | null;
};

/** Adds an actor, who may do nothing before a grant. */
export async function insertActor(tx: Transaction, actor: NewActor): Promise<void> {
  await tx
    .insertInto('actors')
    .values({ workspace_id: actor.workspaceId, id: actor.actorId, name: actor.name, kind: actor.kind })
    .execute();
}

/** Adds a token of an actor; gives the time of its making. */
export async function insertToken(tx: Transaction, token: NewToken): Promise<Date> {
  const row = await tx
    .insertInto('tokens')
    .values({
      workspace_id: token.workspaceId,
      id: token.id,
      actor_id: token.actorId,
      name: token.name,
      sha256: token.sha256,
      expires_at: token.expiresAt,
    })
    .returning('created_at')
    .executeTakeFirstOrThrow();
  return row.created_at;
}

/** The tokens of a workspace that were not revoked, oldest first, with what they may do there and when they were last used. */
export async function listTokenRows(tx: Transaction, workspaceId: WorkspaceId, paging: Paging): Promise<TokenRow[]> {
  let rows = tx
    .selectFrom('tokens as t')
    .leftJoin('grants as g', (join) =>
      join.onRef('g.workspace_id', '=', 't.workspace_id').onRef('g.actor_id', '=', 't.actor_id'),
    )
    .leftJoin('token_uses as u', (join) =>
      join.onRef('u.workspace_id', '=', 't.workspace_id').onRef('u.token_id', '=', 't.id'),
    )
    .select(['t.id', 't.actor_id', 't.name', 't.created_at', 't.expires_at', 'g.permissions', 'u.last_used_at'])
    .where('t.workspace_id', '=', workspaceId)
    .where('t.revoked_at', 'is', null)
    .orderBy('t.id')
    .limit(paging.limit + 1);
  if (paging.afterKey !== undefined) rows = rows.where('t.id', '>', paging.afterKey);
  return rows.execute();
}

export type TokenRow = {
  readonly id: string;
  readonly actor_id: ActorId;
  readonly name: string;
  readonly created_at: Date;
  readonly expires_at: Date | null;
  readonly permissions: string[] | null;
  readonly last_used_at: Date | null;
};

/** Revokes a token of the workspace; gives its name, or undefined when there is no such token or it was revoked before. */
export async function markRevoked(tx: Transaction, token: RevokedToken): Promise<string | undefined> {
  const row = await tx
    .updateTable('tokens')
    .set({ revoked_at: token.at })
    .where('workspace_id', '=', token.workspaceId)
    .where('id', '=', token.id)
    .where('revoked_at', 'is', null)
    .returning('name')
    .executeTakeFirst();
  return row?.name;
}

type RevokedToken = { readonly workspaceId: WorkspaceId; readonly id: string; readonly at: Date };
