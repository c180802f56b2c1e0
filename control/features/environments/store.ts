import { sql } from 'kysely';

import type { ObservedWorkload } from '@ringfort/contracts/agent-requests.ts';
import type { Stage } from '@ringfort/contracts/api/environments.ts';
import type { DeploymentState } from '@ringfort/contracts/deployment-step.ts';
import type {
  DeploymentId,
  EnvironmentId,
  ProjectId,
  ReleaseId,
  WorkspaceId,
} from '@ringfort/contracts/identifiers.ts';
import type { EnvironmentSlug, ProjectSlug } from '@ringfort/contracts/names.ts';
import { Problem } from '@ringfort/contracts/problem.ts';

import type { Transaction } from '../../db/transaction.ts';
import type { Paging } from '../../paging.ts';
import { withDeployments } from '../deployments/deployment-tables.ts';

export type Environment = {
  readonly workspace_id: WorkspaceId;
  readonly id: EnvironmentId;
  readonly project_id: ProjectId;
  readonly slug: EnvironmentSlug;
  readonly label: string;
  readonly stage: Stage;
  readonly criticality: 'critical' | 'noncritical';
  readonly region: string;
  readonly throwaway: boolean;
  readonly created_at: Date;
};

export type EnvironmentKey = {
  readonly workspaceId: WorkspaceId;
  readonly project: ProjectSlug;
  readonly environment: EnvironmentSlug;
};

/** An environment that is wanted, by the names in a path. Throws the Problem `not-found`, whichever of the names is wrong. */
export async function getEnvironment(tx: Transaction, key: EnvironmentKey): Promise<Environment> {
  const row = await tx
    .selectFrom('environments as e')
    .innerJoin('projects as p', (join) =>
      join.onRef('p.workspace_id', '=', 'e.workspace_id').onRef('p.id', '=', 'e.project_id'),
    )
    .selectAll('e')
    .where('e.workspace_id', '=', key.workspaceId)
    .where('p.slug', '=', key.project)
    .where('e.slug', '=', key.environment)
    .where('e.wanted', '=', 'present')
    .executeTakeFirst();
  if (row !== undefined) return row;
  throw new Problem('not-found', `There is no environment “${key.project}/${key.environment}” in this workspace.`);
}

/** The same, and nobody else changes it until the transaction ends. */
export async function lockEnvironment(tx: Transaction, key: EnvironmentKey): Promise<Environment> {
  const { id } = await getEnvironment(tx, key);
  await tx.selectFrom('environments').select('id').where('id', '=', id).forUpdate().execute();
  return getEnvironment(tx, key);
}

/** Adds an environment. The caller translates violations of the two unique indexes of names. */
export async function insertEnvironment(tx: Transaction, environment: NewEnvironment): Promise<Environment> {
  return tx.insertInto('environments').values(environment).returningAll().executeTakeFirstOrThrow();
}

export type NewEnvironment = Omit<Environment, 'created_at'>;

/** What of a project is still there: environments that are wanted, and removed ones of which the agent has not said that they are gone. */
export async function listRemainingEnvironments(
  tx: Transaction,
  projectId: ProjectId,
): Promise<RemainingEnvironment[]> {
  return tx
    .selectFrom('environments as e')
    .leftJoin('environment_observations as o', (join) =>
      join.onRef('o.workspace_id', '=', 'e.workspace_id').onRef('o.environment_id', '=', 'e.id'),
    )
    .select(['e.slug', 'e.wanted'])
    .where('e.project_id', '=', projectId)
    .where((is) => is.or([is('e.wanted', '=', 'present'), is('o.removed_at', 'is', null)]))
    .orderBy('e.id')
    .execute();
}

type RemainingEnvironment = { readonly slug: EnvironmentSlug; readonly wanted: 'present' | 'removed' };

/** Turns an environment into a tombstone and drops its domains, so that another environment may prove them. */
export async function markRemoved(tx: Transaction, environment: Environment, at: Date): Promise<void> {
  await tx.deleteFrom('domains').where('environment_id', '=', environment.id).execute();
  await tx
    .updateTable('environments')
    .set({ wanted: 'removed', removed_at: at })
    .where('id', '=', environment.id)
    .execute();
}

/** The environments of a project by name, with the release that each serves. */
export async function listEnvironmentRows(
  tx: Transaction,
  projectId: ProjectId,
  paging: Paging,
): Promise<ServedEnvironment[]> {
  let rows = withDeployments(tx)
    .selectFrom('environments as e')
    .leftJoin('environment_progress as g', (join) =>
      join.onRef('g.workspace_id', '=', 'e.workspace_id').onRef('g.environment_id', '=', 'e.id'),
    )
    .selectAll('e')
    .select('g.active_release_id')
    .where('e.project_id', '=', projectId)
    .where('e.wanted', '=', 'present')
    .orderBy('e.slug')
    .limit(paging.limit + 1);
  if (paging.afterKey !== undefined) rows = rows.where(sql<boolean>`e.slug > ${paging.afterKey}`);
  return rows.execute();
}

export type ServedEnvironment = Environment & { readonly active_release_id: ReleaseId | null };

/** What was observed of an environment last. Its fields are null before the agent has told anything. */
export async function findObservation(tx: Transaction, environmentId: EnvironmentId): Promise<Observed | undefined> {
  return withDeployments(tx)
    .selectFrom('environments as e')
    .leftJoin('environment_observations as o', (join) =>
      join.onRef('o.workspace_id', '=', 'e.workspace_id').onRef('o.environment_id', '=', 'e.id'),
    )
    .leftJoin('environment_progress as g', (join) =>
      join.onRef('g.workspace_id', '=', 'e.workspace_id').onRef('g.environment_id', '=', 'e.id'),
    )
    .select(['o.observed_at', 'o.message', 'o.workloads', 'g.active_release_id'])
    .where('e.id', '=', environmentId)
    .executeTakeFirst();
}

type Observed = {
  readonly observed_at: Date | null;
  readonly message: string | null;
  readonly workloads: ObservedWorkload[] | null;
  readonly active_release_id: ReleaseId | null;
};

/** The newest deployment of an environment, null without one. Its state is null before a reconciler has seen it. */
export async function findNewestDeployment(tx: Transaction, id: EnvironmentId): Promise<NewestDeployment | null> {
  const row = await withDeployments(tx)
    .selectFrom('deployments as d')
    .leftJoin('deployment_progress as p', (join) =>
      join.onRef('p.workspace_id', '=', 'd.workspace_id').onRef('p.deployment_id', '=', 'd.id'),
    )
    .select(['d.id', 'p.state', 'p.message'])
    .where('d.environment_id', '=', id)
    .orderBy('d.sequence', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row ?? null;
}

type NewestDeployment = {
  readonly id: DeploymentId;
  readonly state: DeploymentState | null;
  readonly message: string | null;
};
