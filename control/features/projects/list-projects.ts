import { api } from '@ringfort/contracts/api/api.ts';

import { readPaging, toPage } from '../../paging.ts';
import { query } from '../../query.ts';
import { listProjectRows } from './store.ts';

/** Lists the projects of a workspace by name. */
export const listProjects = query(api.listProjects, {
  run: async ({ tx, workspaceId, input }) => {
    const paging = readPaging(input.query);
    return toPage(await listProjectRows(tx, workspaceId, paging), paging, {
      key: (row) => row.slug,
      item: (row) => ({ id: row.id, slug: row.slug, createdAt: row.created_at.toISOString() }),
    });
  },
});
