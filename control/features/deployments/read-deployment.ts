import { api } from '@ringfort/contracts/api/api.ts';

import { query } from '../../query.ts';
import { getEnvironment } from '../environments/store.ts';
import { describeDeployment } from './describe-deployment.ts';
import { getDeployment } from './store.ts';

/** Shows a deployment. */
export const readDeployment = query(api.readDeployment, {
  run: async ({ tx, workspaceId, input }) => {
    const environment = await getEnvironment(tx, { workspaceId, ...input.params });
    return describeDeployment(await getDeployment(tx, environment.id, input.params.deployment));
  },
});
