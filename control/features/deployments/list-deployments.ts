import { api } from '@ringfort/contracts/api/api.ts';

import { readPaging, toPage } from '../../paging.ts';
import { query } from '../../query.ts';
import { getEnvironment } from '../environments/store.ts';
import { describeDeployment } from './describe-deployment.ts';
import { listDeploymentRows } from './store.ts';

/** Lists the deployments of an environment, newest first. */
export const listDeployments = query(api.listDeployments, {
  run: async ({ tx, workspaceId, input }) => {
    const environment = await getEnvironment(tx, { workspaceId, ...input.params });
    const paging = readPaging(input.query);
    return toPage(await listDeploymentRows(tx, environment.id, paging), paging, {
      key: (row) => String(row.sequence),
      item: describeDeployment,
    });
  },
});
