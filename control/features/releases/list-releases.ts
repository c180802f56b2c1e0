import { api } from '@ringfort/contracts/api/api.ts';

import { readPaging, toPage } from '../../paging.ts';
import { query } from '../../query.ts';
import { getEnvironment } from '../environments/store.ts';
import { listReleaseRows } from './store.ts';

/** Lists the releases of an environment, newest first. */
export const listReleases = query(api.listReleases, {
  run: async ({ tx, workspaceId, input }) => {
    const environment = await getEnvironment(tx, { workspaceId, ...input.params });
    const paging = readPaging(input.query);
    return toPage(await listReleaseRows(tx, environment.id, paging), paging, {
      key: (row) => String(row.number),
      item: (row) => ({
        id: row.id,
        number: row.number,
        active: row.id === row.active_release_id,
        sourceDigest: row.source_digest,
        createdAt: row.created_at.toISOString(),
      }),
    });
  },
});
