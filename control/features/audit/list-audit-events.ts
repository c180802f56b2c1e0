import { api } from '@ringfort/contracts/api/api.ts';

import { readPaging, toPage } from '../../paging.ts';
import { query } from '../../query.ts';
import { listAuditEventRows } from './store.ts';

/** Lists what was changed in a workspace, or was tried and denied, newest first. */
export const listAuditEvents = query(api.listAuditEvents, {
  run: async ({ tx, workspaceId, input }) => {
    const paging = readPaging(input.query);
    const rows = await listAuditEventRows(tx, { workspaceId, paging, action: input.query.action });
    return toPage(rows, paging, {
      key: (row) => row.id,
      item: (row) => ({
        id: row.id,
        at: row.at.toISOString(),
        actorId: row.actor_id,
        actorName: row.actor_name,
        action: row.action,
        outcome: row.outcome,
        subject: row.subject,
        before: row.before,
        after: row.after,
        requestId: row.request_id,
      }),
    });
  },
});
