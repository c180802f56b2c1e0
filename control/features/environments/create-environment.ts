import { api } from '@ringfort/contracts/api/api.ts';
import { EnvironmentId } from '@ringfort/contracts/identifiers.ts';
import { Problem } from '@ringfort/contracts/problem.ts';

import { violates } from '../../db/database-problem.ts';
import type { Transaction } from '../../db/transaction.ts';
import { operation } from '../../operation.ts';
import type { RouteHandler } from '../../route-handler.ts';
import { lockProject, type Project } from '../projects/store.ts';
import { isThrowaway } from '../workspaces/store.ts';
import { type AppsAddress, describeEnvironment } from './describe-environment.ts';
import { insertEnvironment, listRemainingEnvironments, type NewEnvironment } from './store.ts';

export type NewEnvironmentPlace = AppsAddress & { readonly region: string };

/** Makes an environment. Production is critical unless it is said not to be, everything else is not. */
export function createEnvironment(place: NewEnvironmentPlace): RouteHandler<typeof api.createEnvironment> {
  return operation(api.createEnvironment, {
    run: async ({ tx, workspaceId, input, newId, nudge }) => {
      const { slug, stage, throwaway } = input.body;
      const criticality = input.body.criticality ?? (stage === 'production' ? 'critical' : 'noncritical');
      const project = await lockProject(tx, { workspaceId, project: input.params.project });
      await refuseWhileRemoved(tx, project, slug);
      if (throwaway && !(await isThrowaway(tx, workspaceId)))
        throw new Problem('state-conflict', 'Throw-away environments exist only in workspaces made for break tests.');
      const id = EnvironmentId.parse(newId());
      const label = `${project.slug}-${slug}`;
      const environment = {
        id,
        project_id: project.id,
        slug,
        label,
        stage,
        criticality,
        region: place.region,
        throwaway,
      };
      const row = await insertNamed(tx, { ...environment, workspace_id: workspaceId });
      await nudge('environments', id);
      const after = { id, slug, stage, criticality, region: place.region, throwaway };
      const answer = describeEnvironment({ ...row, active_release_id: null }, place);
      return { subject: `${project.slug}/${slug}`, after, answer };
    },
  });
}

/** What is left of an environment of the same name must be gone first: two would answer to one host name. */
async function refuseWhileRemoved(tx: Transaction, project: Project, slug: string): Promise<void> {
  const remaining = await listRemainingEnvironments(tx, project.id);
  if (!remaining.some((environment) => environment.slug === slug && environment.wanted === 'removed')) return;
  throw new Problem(
    'state-conflict',
    `The environment “${project.slug}/${slug}” is still being removed. Try again shortly.`,
  );
}

async function insertNamed(tx: Transaction, environment: NewEnvironment): ReturnType<typeof insertEnvironment> {
  return insertEnvironment(tx, environment).catch((error: unknown) => {
    if (violates(error, 'environments_slug_unique'))
      throw new Problem('name-taken', `The project has an environment “${environment.slug}” already.`, {
        cause: error,
      });
    if (violates(error, 'environments_label_unique'))
      throw new Problem('name-taken', `The address “${environment.label}” is in use. Choose another name.`, {
        cause: error,
      });
    throw error;
  });
}
