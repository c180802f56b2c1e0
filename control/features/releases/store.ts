import type { EnvironmentId, ReleaseId } from '@ringfort/contracts/identifiers.ts';
import type { ServiceSpec } from '@ringfort/contracts/environment-spec.ts';

import type { Transaction } from '../../db/transaction.ts';
import type { Paging } from '../../paging.ts';
import { withDeployments } from '../deployments/deployment-tables.ts';

/** The releases of an environment, newest first. */
export async function listReleaseRows(
  tx: Transaction,
  environmentId: EnvironmentId,
  paging: Paging,
): Promise<readonly ReleaseRow[]> {
  const rows = selectReleases(tx, environmentId)
    .orderBy('r.number', 'desc')
    .limit(paging.limit + 1);
  if (paging.afterKey === undefined) return rows.execute();
  return rows.where('r.number', '<', Number(paging.afterKey)).execute();
}

/** The release of that number. */
export async function findRelease(
  tx: Transaction,
  environmentId: EnvironmentId,
  number: number,
): Promise<ReleaseRow | undefined> {
  return selectReleases(tx, environmentId).where('r.number', '=', number).executeTakeFirst();
}

/** The newest release before the active one that has been in service; undefined without one. */
export async function findReleaseBefore(
  tx: Transaction,
  environmentId: EnvironmentId,
  number: number,
): Promise<ReleaseRow | undefined> {
  return selectReleases(tx, environmentId)
    .where('r.number', '<', number)
    .where((where) =>
      where.exists(
        where
          .selectFrom('deployment_progress as g')
          .whereRef('g.release_id', '=', 'r.id')
          .where('g.state', '=', 'succeeded')
          .select('g.deployment_id'),
      ),
    )
    .orderBy('r.number', 'desc')
    .limit(1)
    .executeTakeFirst();
}

/** The release in service and the services that were made; both empty before the first deployment. */
export async function findInService(tx: Transaction, environmentId: EnvironmentId): Promise<InService> {
  const row = await withDeployments(tx)
    .selectFrom('environment_progress as e')
    .leftJoin('releases as r', (join) =>
      join.onRef('r.workspace_id', '=', 'e.workspace_id').onRef('r.id', '=', 'e.active_release_id'),
    )
    .where('e.environment_id', '=', environmentId)
    .select(['e.services', 'r.id', 'r.number'])
    .executeTakeFirst();
  return { services: row?.services ?? [], releaseId: row?.id ?? null, number: row?.number ?? null };
}

export type ReleaseRow = {
  readonly id: ReleaseId;
  readonly number: number;
  readonly source_digest: string;
  readonly created_at: Date;
  readonly active_release_id: ReleaseId | null;
};

export type InService = {
  readonly services: readonly ServiceSpec[];
  readonly releaseId: ReleaseId | null;
  readonly number: number | null;
};

function selectReleases(tx: Transaction, environmentId: EnvironmentId) {
  return withDeployments(tx)
    .selectFrom('releases as r')
    .leftJoin('environment_progress as e', (join) =>
      join.onRef('e.workspace_id', '=', 'r.workspace_id').onRef('e.environment_id', '=', 'r.environment_id'),
    )
    .where('r.environment_id', '=', environmentId)
    .select(['r.id', 'r.number', 'r.source_digest', 'r.created_at', 'e.active_release_id']);
}
