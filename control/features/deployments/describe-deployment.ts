import type { Deployment } from '@ringfort/contracts/api/deployments.ts';

import type { DeploymentRow } from './store.ts';

/** A deployment as the API shows it. One that no reconciler has seen yet is about to be prepared. */
export function describeDeployment(row: DeploymentRow): Deployment {
  return {
    id: row.id,
    kind: row.kind,
    state: row.state ?? 'preparing',
    message: row.message ?? 'Waits for its turn',
    releaseId: row.release_id,
    createdAt: row.created_at.toISOString(),
    finishedAt: row.finished_at?.toISOString() ?? null,
  };
}
