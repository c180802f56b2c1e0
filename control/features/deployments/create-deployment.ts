import { api } from '@ringfort/contracts/api/api.ts';
import { DeploymentId } from '@ringfort/contracts/identifiers.ts';
import type { ProjectConfig } from '@ringfort/contracts/application-config.ts';
import type { ProjectSlug } from '@ringfort/contracts/names.ts';
import { Problem } from '@ringfort/contracts/problem.ts';

import { operation } from '../../operation.ts';
import { mergeServices } from '../environment-specs/merge-services.ts';
import { lockEnvironment } from '../environments/store.ts';
import { findInService } from '../releases/store.ts';
import { hasSource, lockSource } from '../sources/store.ts';
import { describeDeployment } from './describe-deployment.ts';
import { insertDeployment } from './store.ts';

/** Takes a deployment: what is to be built and put into service. An earlier one that has not switched traffic yet is superseded. */
export const createDeployment = operation(api.createDeployment, {
  run: async ({ tx, workspaceId, input, newId, nudge }) => {
    const { config, sourceDigest } = input.body;
    refuseOtherProject(config, input.params.project);
    const environment = await lockEnvironment(tx, { workspaceId, ...input.params });
    await lockSource(tx, workspaceId, sourceDigest);
    if (!(await hasSource(tx, sourceDigest)))
      throw new Problem('not-found', `There is no source archive ${sourceDigest} in this workspace. Upload it first.`);
    const { services } = await findInService(tx, environment.id);
    mergeServices(services, config);
    const row = await insertDeployment(tx, {
      workspace_id: workspaceId,
      id: DeploymentId.parse(newId()),
      environment_id: environment.id,
      kind: 'source',
      config,
      source_digest: sourceDigest,
      target_release_id: null,
    });
    await nudge('deployments', environment.id);
    const subject = `${input.params.project}/${input.params.environment}`;
    return { subject, after: { deploymentId: row.id, sourceDigest }, answer: describeDeployment(row) };
  },
});

/** The folder that is deployed has to be the project's, or a mistyped argument would put one application in another's place. */
function refuseOtherProject(config: ProjectConfig, project: ProjectSlug): void {
  if (config.name === project) return;
  const message = `is “${config.name}”, but the project is “${project}”`;
  throw new Problem('input-invalid', `The name in the configuration ${message}. Deploy it to its own project.`, {
    fields: [{ path: 'config.name', message }],
  });
}
