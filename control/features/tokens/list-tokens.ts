import { api } from '@ringfort/contracts/api/api.ts';
import { Permission } from '@ringfort/contracts/permissions.ts';

import { readPaging, toPage } from '../../paging.ts';
import { query } from '../../query.ts';
import { listTokenRows } from './store.ts';

/** Lists the tokens of a workspace, expired ones too, revoked ones not. */
export const listTokens = query(api.listTokens, {
  run: async ({ tx, workspaceId, input }) => {
    const paging = readPaging(input.query);
    return toPage(await listTokenRows(tx, workspaceId, paging), paging, {
      key: (row) => row.id,
      item: (row) => ({
        id: row.id,
        actorId: row.actor_id,
        name: row.name,
        permissions: (row.permissions ?? []).map((permission) => Permission.parse(permission)),
        createdAt: row.created_at.toISOString(),
        expiresAt: row.expires_at?.toISOString() ?? null,
        lastUsedAt: row.last_used_at?.toISOString() ?? null,
      }),
    });
  },
});
