import { sql } from 'kysely';

import type { WorkspaceId } from '@ringfort/contracts/identifiers.ts';

import type { Transaction } from '../../db/transaction.ts';
import { withDeployments } from '../deployments/deployment-tables.ts';

/** Nobody else stores or removes this archive until the transaction ends. */
export async function lockSource(tx: Transaction, workspaceId: WorkspaceId, digest: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended('source/' || ${workspaceId} || '/' || ${digest}, 0))`.execute(
    tx,
  );
}

/** Keeps that an archive was stored, now. */
export async function upsertSource(tx: Transaction, source: StoredSource): Promise<void> {
  const values = { size_bytes: source.sizeBytes, stored_at: new Date(source.atMs) };
  await withDeployments(tx)
    .insertInto('sources')
    .values({ workspace_id: source.workspaceId, digest: source.digest, ...values })
    .onConflict((conflict) => conflict.columns(['workspace_id', 'digest']).doUpdateSet(values))
    .execute();
}

/** Whether the transaction's workspace has this archive: stored, and not removed since. */
export async function hasSource(tx: Transaction, digest: string): Promise<boolean> {
  const row = await selectKept(tx).where('s.digest', '=', digest).select('s.digest').executeTakeFirst();
  return row !== undefined;
}

/** How many bytes of archives the transaction's workspace keeps. */
export async function sumSourceBytes(tx: Transaction): Promise<number> {
  const row = await selectKept(tx)
    .select(({ fn }) => fn.sum<string | null>('s.size_bytes').as('bytes'))
    .executeTakeFirst();
  return Number(row?.bytes ?? 0);
}

/** The archives that were stored before `beforeMs` and that neither an unfinished deployment nor an active release was made from. */
export async function listUnusedSources(tx: Transaction, beforeMs: number): Promise<readonly string[]> {
  const rows = await selectKept(tx)
    .where('s.stored_at', '<', new Date(beforeMs))
    .where((where) =>
      where.not(
        where.exists(
          where
            .selectFrom('deployments as d')
            .leftJoin('deployment_progress as g', (join) =>
              join.onRef('g.workspace_id', '=', 'd.workspace_id').onRef('g.deployment_id', '=', 'd.id'),
            )
            .whereRef('d.source_digest', '=', 's.digest')
            .where('g.finished_at', 'is', null)
            .select('d.id'),
        ),
      ),
    )
    .where((where) =>
      where.not(
        where.exists(
          where
            .selectFrom('releases as r')
            .innerJoin('environment_progress as e', (join) =>
              join.onRef('e.workspace_id', '=', 'r.workspace_id').onRef('e.active_release_id', '=', 'r.id'),
            )
            .whereRef('r.source_digest', '=', 's.digest')
            .select('r.id'),
        ),
      ),
    )
    .select('s.digest')
    .execute();
  return rows.map((row) => row.digest);
}

/** Keeps that an archive was removed. */
export async function upsertSourceRemoval(tx: Transaction, removal: SourceRemoval): Promise<void> {
  const values = { removed_at: new Date(removal.atMs) };
  await withDeployments(tx)
    .insertInto('source_removals')
    .values({ workspace_id: removal.workspaceId, digest: removal.digest, ...values })
    .onConflict((conflict) => conflict.columns(['workspace_id', 'digest']).doUpdateSet(values))
    .execute();
}

export type SourceRemoval = { readonly workspaceId: WorkspaceId; readonly digest: string; readonly atMs: number };
export type StoredSource = SourceRemoval & { readonly sizeBytes: number };

function selectKept(tx: Transaction) {
  return withDeployments(tx)
    .selectFrom('sources as s')
    .leftJoin('source_removals as gone', (join) =>
      join.onRef('gone.workspace_id', '=', 's.workspace_id').onRef('gone.digest', '=', 's.digest'),
    )
    .where((where) =>
      where.or([where('gone.removed_at', 'is', null), where('gone.removed_at', '<', where.ref('s.stored_at'))]),
    );
}
