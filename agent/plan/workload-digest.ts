import { createHash } from 'node:crypto';

import type { WorkloadPlan } from '@ringfort/drivers/driver.ts';

/**
 * Changes exactly when a workload needs a new container. Rules, health checks and names of others are left out: they change while it
 * runs.
 */
export function workloadDigest(workload: Omit<WorkloadPlan, 'digest'>): string {
  const { key, aliases, address, image, command, workingDirectory, user, mounts, limits } = workload;
  const variables = Object.entries(workload.variables).toSorted(([one], [other]) => (one < other ? -1 : 1));
  const parts = { key, aliases, address, image, command, workingDirectory, variables, user, mounts, limits };
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}
