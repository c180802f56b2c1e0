import { api } from '@ringfort/contracts/api/api.ts';

import { query } from '../../query.ts';
import type { RouteHandler } from '../../route-handler.ts';
import { type AppsAddress, describeEnvironment } from './describe-environment.ts';
import { findNewestDeployment, findObservation, getEnvironment } from './store.ts';

/** Shows an environment with what the agent told of it last and its newest deployment. */
export function readEnvironment(address: AppsAddress): RouteHandler<typeof api.readEnvironment> {
  return query(api.readEnvironment, {
    run: async ({ tx, workspaceId, input }) => {
      const row = await getEnvironment(tx, { workspaceId, ...input.params });
      const observed = await findObservation(tx, row.id);
      const deployment = await findNewestDeployment(tx, row.id);
      return {
        ...describeEnvironment({ ...row, active_release_id: observed?.active_release_id ?? null }, address),
        observedAt: observed?.observed_at?.toISOString() ?? null,
        message: observed?.message ?? '',
        workloads: observed?.workloads ?? [],
        deployment: deployment && {
          id: deployment.id,
          state: deployment.state ?? 'preparing',
          message: deployment.message ?? '',
        },
      };
    },
  });
}
