import type { WorkspaceId } from '@ringfort/contracts/identifiers.ts';
import type { Selectable } from 'kysely';

import type { Tables } from '../../db/tables.ts';
import type { Transaction } from '../../db/transaction.ts';
import type { Paging } from '../../paging.ts';

export type AuditEventRow = Selectable<Tables['audit_events']>;

/** The audit events of a workspace, newest first (their ids sort by time), of one action or of all. */
export async function listAuditEventRows(tx: Transaction, filter: AuditFilter): Promise<AuditEventRow[]> {
  let rows = tx
    .selectFrom('audit_events')
    .selectAll()
    .where('workspace_id', '=', filter.workspaceId)
    .orderBy('id', 'desc')
    .limit(filter.paging.limit + 1);
  if (filter.paging.afterKey !== undefined) rows = rows.where('id', '<', filter.paging.afterKey);
  if (filter.action !== undefined) rows = rows.where('action', '=', filter.action);
  return rows.execute();
}

type AuditFilter = {
  readonly workspaceId: WorkspaceId;
  readonly paging: Paging;
  readonly action: string | undefined;
};
