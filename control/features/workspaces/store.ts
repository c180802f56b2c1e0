import type { ActorId, WorkspaceId } from '@ringfort/contracts/identifiers.ts';
import type { WorkspaceSlug } from '@ringfort/contracts/names.ts';
import type { Permission } from '@ringfort/contracts/permissions.ts';

import type { Transaction } from '../../db/transaction.ts';

/** Adds the workspace that the transaction is in. The caller translates a violation of `workspaces_slug_key`. */
export async function insertWorkspace(tx: Transaction, workspace: NewWorkspace): Promise<Date> {
  const row = await tx
    .insertInto('workspaces')
    .values({ workspace_id: workspace.workspaceId, slug: workspace.slug, throwaway: workspace.throwaway ?? false })
    .returning('created_at')
    .executeTakeFirstOrThrow();
  return row.created_at;
}

export type NewWorkspace = {
  readonly workspaceId: WorkspaceId;
  readonly slug: WorkspaceSlug;
  readonly throwaway?: boolean;
};

/** Lets an actor act in a workspace. */
export async function insertGrant(tx: Transaction, grant: NewGrant): Promise<void> {
  await tx
    .insertInto('grants')
    .values({
      workspace_id: grant.workspaceId,
      actor_workspace_id: grant.homeWorkspaceId,
      actor_id: grant.actorId,
      permissions: [...grant.permissions],
    })
    .execute();
}

export type NewGrant = {
  readonly workspaceId: WorkspaceId;
  readonly homeWorkspaceId: WorkspaceId;
  readonly actorId: ActorId;
  readonly permissions: readonly Permission[];
};

/** Whether the transaction's workspace was made for break tests. */
export async function isThrowaway(tx: Transaction, workspaceId: WorkspaceId): Promise<boolean> {
  const row = await tx
    .selectFrom('workspaces')
    .select('throwaway')
    .where('workspace_id', '=', workspaceId)
    .executeTakeFirst();
  return row?.throwaway === true;
}
