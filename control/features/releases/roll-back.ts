import { api } from '@ringfort/contracts/api/api.ts';
import { DeploymentId } from '@ringfort/contracts/identifiers.ts';
import type { EnvironmentId } from '@ringfort/contracts/identifiers.ts';
import { Problem } from '@ringfort/contracts/problem.ts';

import type { Transaction } from '../../db/transaction.ts';
import { operation } from '../../operation.ts';
import { describeDeployment } from '../deployments/describe-deployment.ts';
import { insertDeployment } from '../deployments/store.ts';
import { lockEnvironment } from '../environments/store.ts';
import { findInService, findRelease, findReleaseBefore } from './store.ts';
import type { ReleaseRow } from './store.ts';

/** Puts an earlier release back into service, by the same steps as a deployment but without a build. */
export const rollBack = operation(api.rollBack, {
  run: async ({ tx, workspaceId, input, newId, nudge }) => {
    const environment = await lockEnvironment(tx, { workspaceId, ...input.params });
    const release = await getTarget(tx, environment.id, input.body.release);
    const row = await insertDeployment(tx, {
      workspace_id: workspaceId,
      id: DeploymentId.parse(newId()),
      environment_id: environment.id,
      kind: 'rollback',
      config: null,
      source_digest: null,
      target_release_id: release.id,
    });
    await nudge('deployments', environment.id);
    const subject = `${input.params.project}/${input.params.environment}`;
    return { subject, after: { deploymentId: row.id, release: release.number }, answer: describeDeployment(row) };
  },
});

async function getTarget(
  tx: Transaction,
  environmentId: EnvironmentId,
  number: number | undefined,
): Promise<ReleaseRow> {
  const active = await findInService(tx, environmentId);
  if (number === undefined) {
    const before = active.number === null ? undefined : await findReleaseBefore(tx, environmentId, active.number);
    if (before !== undefined) return before;
    throw new Problem('state-conflict', 'There is no earlier release that has been in service.');
  }
  const release = await findRelease(tx, environmentId, number);
  if (release === undefined) throw new Problem('not-found', `There is no release ${number} in this environment.`);
  if (release.id !== active.releaseId) return release;
  throw new Problem('state-conflict', `Release ${number} is in service already.`);
}
