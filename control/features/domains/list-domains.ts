import { api } from '@ringfort/contracts/api/api.ts';

import { readPaging, toPage } from '../../paging.ts';
import { query } from '../../query.ts';
import { getEnvironment } from '../environments/store.ts';
import { describeDomain } from './describe-domain.ts';
import { listDomainRows } from './store.ts';

/** Lists the domains of an environment with their proofs. */
export const listDomains = query(api.listDomains, {
  run: async ({ tx, workspaceId, input }) => {
    const environment = await getEnvironment(tx, { workspaceId, ...input.params });
    const paging = readPaging(input.query);
    return toPage(await listDomainRows(tx, environment.id, paging), paging, {
      key: (row) => row.hostname,
      item: describeDomain,
    });
  },
});
