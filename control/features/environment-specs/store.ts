import { sql } from 'kysely';

import type { ObservedEnvironment } from '@ringfort/contracts/agent-requests.ts';
import type { EdgeCertificate } from '@ringfort/contracts/edge-snapshot.ts';
import type { EnvironmentSpec, ImageDigest } from '@ringfort/contracts/environment-spec.ts';
import type { EnvironmentId, ReleaseId, WorkspaceId } from '@ringfort/contracts/identifiers.ts';
import type { Hostname } from '@ringfort/contracts/names.ts';
import type { Signed } from '@ringfort/contracts/signed.ts';

import type { Database } from '../../db/database.ts';
import type { Transaction } from '../../db/transaction.ts';
import { withDeployments } from '../deployments/deployment-tables.ts';
import type { EnvironmentProgressRow } from '../deployments/deployment-tables.ts';
import { noProgress } from './environment-state.ts';
import type { EnvironmentProgress, EnvironmentState, Release } from './environment-state.ts';

/** Every workspace of the platform, for reconcilers, which then read one in a transaction. */
export async function listWorkspaceIds(database: Database): Promise<readonly WorkspaceId[]> {
  const { rows } = await sql<{ id: WorkspaceId }>`select list_workspace_ids() as id`.execute(database.kysely);
  return rows.map((row) => row.id);
}

/** Whether the transaction may work on its workspace's environments; false while another control does. Ends with the transaction. */
export async function claimWorkspace(tx: Transaction, workspaceId: WorkspaceId): Promise<boolean> {
  const { rows } = await sql<{ claimed: boolean }>`
    select pg_try_advisory_xact_lock(hashtextextended('environments/' || ${workspaceId}, 0)) as claimed`.execute(tx);
  return rows[0]?.claimed === true;
}

/** The environments of the transaction's workspace, but for those of which the agent has said that nothing is left. */
export async function listEnvironmentStates(tx: Transaction): Promise<readonly EnvironmentState[]> {
  const rows = await selectEnvironments(tx).execute();
  const ids = rows.flatMap((row) => [row.active_release_id, row.candidate_release_id, row.draining_release_id]);
  const domains = await listProvenDomains(tx);
  const releases = await findReleases(tx, ids);
  return rows.map((row) => ({
    workspaceId: row.workspace_id,
    projectId: row.project_id,
    environmentId: row.id,
    project: row.project,
    environment: row.slug,
    criticality: row.criticality,
    throwaway: row.throwaway,
    wanted: row.wanted,
    createdAtMs: row.created_at.getTime(),
    domains: domains.get(row.id) ?? [],
    progress: asProgress(row),
    spec:
      row.generation === null || row.digest === null ? undefined : { generation: row.generation, digest: row.digest },
    releases,
  }));
}

/** The releases with these ids, of the transaction's workspace. */
export async function findReleases(
  tx: Transaction,
  ids: readonly (ReleaseId | null)[],
): Promise<ReadonlyMap<ReleaseId, Release>> {
  const wanted = ids.filter((id) => id !== null);
  if (wanted.length === 0) return new Map();
  const rows = await withDeployments(tx).selectFrom('releases').selectAll().where('id', 'in', wanted).execute();
  return new Map(
    rows.map((row) => {
      const images = new Map<string, ImageDigest>(Object.entries(row.images));
      const { number, config, source_digest: sourceDigest } = row;
      return [row.id, { releaseId: row.id, number, sourceDigest, config, images }];
    }),
  );
}

/** Writes how far an environment is. */
export async function saveEnvironmentProgress(
  tx: Transaction,
  key: EnvironmentKey,
  progress: EnvironmentProgress,
): Promise<void> {
  const values = {
    services: JSON.stringify(progress.services),
    active_release_id: progress.activeReleaseId,
    candidate_release_id: progress.candidateReleaseId,
    draining_release_id: progress.drainingReleaseId,
    switch_version: progress.switchVersion,
    switch_acknowledged_at: asDate(progress.switchAcknowledgedAtMs),
    withdrawing: progress.withdrawing,
    withdrawn_at: asDate(progress.withdrawnAtMs),
  };
  await withDeployments(tx)
    .insertInto('environment_progress')
    .values({ workspace_id: key.workspaceId, environment_id: key.environmentId, ...values })
    .onConflict((conflict) => conflict.columns(['workspace_id', 'environment_id']).doUpdateSet(values))
    .execute();
}

/** Writes the newest specification of an environment. */
export async function saveSpec(tx: Transaction, spec: EnvironmentSpec, digest: string): Promise<void> {
  const values = { generation: spec.generation, digest, spec: JSON.stringify(spec) };
  await withDeployments(tx)
    .insertInto('environment_specs')
    .values({ workspace_id: spec.workspaceId, environment_id: spec.environmentId, ...values })
    .onConflict((conflict) => conflict.columns(['workspace_id', 'environment_id']).doUpdateSet(values))
    .execute();
}

/** The newest specification of an environment; undefined before it was looked at. */
export async function findSpec(tx: Transaction, environmentId: EnvironmentId): Promise<EnvironmentSpec | undefined> {
  const row = await withDeployments(tx)
    .selectFrom('environment_specs')
    .select('spec')
    .where('environment_id', '=', environmentId)
    .executeTakeFirst();
  return row?.spec;
}

/** Writes what the agent told of an environment. */
export async function saveObservation(tx: Transaction, key: EnvironmentKey, seen: Observation): Promise<void> {
  const values = {
    observed_at: new Date(seen.atMs),
    generation: seen.observed.generation,
    applied_generation: seen.observed.appliedGeneration,
    message: seen.observed.message,
    workloads: JSON.stringify(seen.observed.workloads),
    removed_at: asDate(seen.removedAtMs),
  };
  await tx
    .insertInto('environment_observations')
    .values({ workspace_id: key.workspaceId, environment_id: key.environmentId, ...values })
    .onConflict((conflict) => conflict.columns(['workspace_id', 'environment_id']).doUpdateSet(values))
    .execute();
}

/** Where the workloads of each environment listen, and its certificates, as they were stored last. */
export async function listAddresses(tx: Transaction): Promise<ReadonlyMap<EnvironmentId, Addresses>> {
  const rows = await withDeployments(tx).selectFrom('environment_addresses').selectAll().execute();
  return new Map(rows.map((row) => [row.environment_id, { endpoints: row.endpoints, certificates: row.certificates }]));
}

/** Writes where the workloads of an environment listen, and its certificates. */
export async function saveAddresses(tx: Transaction, key: EnvironmentKey, addresses: Addresses): Promise<void> {
  const values = {
    endpoints: JSON.stringify(addresses.endpoints),
    certificates: JSON.stringify(addresses.certificates),
  };
  await withDeployments(tx)
    .insertInto('environment_addresses')
    .values({ workspace_id: key.workspaceId, environment_id: key.environmentId, ...values })
    .onConflict((conflict) => conflict.columns(['workspace_id', 'environment_id']).doUpdateSet(values))
    .execute();
}

export type EnvironmentKey = { readonly workspaceId: WorkspaceId; readonly environmentId: EnvironmentId };

export type Observation = {
  readonly atMs: number;
  readonly observed: ObservedEnvironment;
  readonly removedAtMs: number | null;
};

export type Addresses = {
  readonly endpoints: readonly Signed[];
  readonly certificates: readonly EdgeCertificate[];
};

function selectEnvironments(tx: Transaction) {
  return withDeployments(tx)
    .selectFrom('environments as e')
    .innerJoin('projects as p', (join) =>
      join.onRef('p.workspace_id', '=', 'e.workspace_id').onRef('p.id', '=', 'e.project_id'),
    )
    .leftJoin('environment_progress as g', (join) =>
      join.onRef('g.workspace_id', '=', 'e.workspace_id').onRef('g.environment_id', '=', 'e.id'),
    )
    .leftJoin('environment_specs as s', (join) =>
      join.onRef('s.workspace_id', '=', 'e.workspace_id').onRef('s.environment_id', '=', 'e.id'),
    )
    .leftJoin('environment_observations as o', (join) =>
      join.onRef('o.workspace_id', '=', 'e.workspace_id').onRef('o.environment_id', '=', 'e.id'),
    )
    .where('o.removed_at', 'is', null)
    .select(['e.workspace_id', 'e.project_id', 'e.id', 'e.slug', 'e.criticality', 'e.throwaway', 'e.wanted'])
    .select(['e.created_at', 'p.slug as project', 's.generation', 's.digest', 'g.services', 'g.active_release_id'])
    .select(['g.candidate_release_id', 'g.draining_release_id', 'g.switch_version', 'g.switch_acknowledged_at'])
    .select(['g.withdrawing', 'g.withdrawn_at'])
    .orderBy('e.id');
}

type ProgressRow = { readonly [Name in keyof EnvironmentProgressRow]: EnvironmentProgressRow[Name] | null };

function asProgress(row: ProgressRow): EnvironmentProgress {
  return {
    services: row.services ?? noProgress.services,
    activeReleaseId: row.active_release_id,
    candidateReleaseId: row.candidate_release_id,
    drainingReleaseId: row.draining_release_id,
    switchVersion: row.switch_version,
    switchAcknowledgedAtMs: row.switch_acknowledged_at?.getTime() ?? null,
    withdrawing: row.withdrawing ?? false,
    withdrawnAtMs: row.withdrawn_at?.getTime() ?? null,
  };
}

async function listProvenDomains(tx: Transaction): Promise<ReadonlyMap<EnvironmentId, readonly Hostname[]>> {
  const rows = await tx
    .selectFrom('domains')
    .select(['environment_id', 'hostname'])
    .where('proven_at', 'is not', null)
    .execute();
  const groups = Map.groupBy(rows, (row) => row.environment_id);
  return new Map([...groups].map(([id, group]) => [id, group.map((row) => row.hostname)]));
}

function asDate(ms: number | null): Date | null {
  return ms === null ? null : new Date(ms);
}
