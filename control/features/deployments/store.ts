import { sql } from 'kysely';

import type { DeploymentState } from '@ringfort/contracts/deployment-step.ts';
import type { ImageDigest } from '@ringfort/contracts/environment-spec.ts';
import type { DeploymentId, EnvironmentId, ReleaseId, WorkspaceId } from '@ringfort/contracts/identifiers.ts';

import { Problem } from '@ringfort/contracts/problem.ts';

import type { Transaction } from '../../db/transaction.ts';
import type { Paging } from '../../paging.ts';
import type { EnvironmentKey } from '../environment-specs/store.ts';
import type { Release } from '../environment-specs/environment-state.ts';
import { withDeployments } from './deployment-tables.ts';
import type { BuildState } from './judge-builds.ts';
import type { DeploymentGoal, DeploymentProgress, UnfinishedDeployment } from './unfinished-deployment.ts';

const ended: readonly DeploymentState[] = ['succeeded', 'failed', 'superseded'];

/** The deployments of the transaction's workspace that have not ended, oldest request first. */
export async function listUnfinishedDeployments(tx: Transaction): Promise<readonly UnfinishedDeployment[]> {
  const rows = await withDeployments(tx)
    .selectFrom('deployments as d')
    .leftJoin('deployment_progress as g', (join) =>
      join.onRef('g.workspace_id', '=', 'd.workspace_id').onRef('g.deployment_id', '=', 'd.id'),
    )
    .leftJoin('releases as r', (join) =>
      join.onRef('r.workspace_id', '=', 'd.workspace_id').onRef('r.id', '=', 'd.target_release_id'),
    )
    .where((where) => where.or([where('g.state', 'is', null), where('g.state', 'not in', ended)]))
    .select(['d.workspace_id', 'd.environment_id', 'd.id', 'd.config', 'd.source_digest', 'r.id as target', 'r.number'])
    .select([
      'r.config as target_config',
      'g.state',
      'g.message',
      'g.release_id',
      'g.awaited_generation',
      'g.entered_at',
    ])
    .orderBy('d.sequence')
    .execute();
  const builds = await listBuilds(
    tx,
    rows.map((row) => row.id),
  );
  return rows.map((row) => ({
    workspaceId: row.workspace_id,
    environmentId: row.environment_id,
    deploymentId: row.id,
    goal: asGoal(row),
    progress: asProgress(row),
    builds: builds.get(row.id) ?? new Map<string, BuildState>(),
  }));
}

/** Writes how far a deployment is. An ended one gets the time of its end. */
export async function saveDeploymentProgress(
  tx: Transaction,
  key: DeploymentKey,
  progress: DeploymentProgress,
): Promise<void> {
  const values = {
    state: progress.state,
    message: progress.message,
    release_id: progress.releaseId,
    awaited_generation: progress.awaitedGeneration,
    entered_at: new Date(progress.enteredAtMs),
    finished_at: ended.includes(progress.state) ? new Date(progress.enteredAtMs) : null,
  };
  await withDeployments(tx)
    .insertInto('deployment_progress')
    .values({
      workspace_id: key.workspaceId,
      deployment_id: key.deploymentId,
      environment_id: key.environmentId,
      ...values,
    })
    .onConflict((conflict) => conflict.columns(['workspace_id', 'deployment_id']).doUpdateSet(values))
    .execute();
}

/** Makes the release of a deployment; its number is the next one of the environment. */
export async function insertRelease(tx: Transaction, key: EnvironmentKey, release: NewRelease): Promise<Release> {
  const newest = await withDeployments(tx)
    .selectFrom('releases')
    .where('environment_id', '=', key.environmentId)
    .select(({ fn }) => fn.max<number | null>('number').as('number'))
    .executeTakeFirst();
  const number = (newest?.number ?? 0) + 1;
  await withDeployments(tx)
    .insertInto('releases')
    .values({
      workspace_id: key.workspaceId,
      environment_id: key.environmentId,
      id: release.releaseId,
      number,
      deployment_id: release.deploymentId,
      source_digest: release.sourceDigest,
      config: JSON.stringify(release.config),
      images: JSON.stringify(Object.fromEntries(release.images)),
    })
    .execute();
  return { ...release, number };
}

/** Keeps the result of a component's build; a second result of the same build is left out. */
export async function insertBuild(tx: Transaction, key: DeploymentKey, build: NewBuild): Promise<void> {
  await withDeployments(tx)
    .insertInto('deployment_builds')
    .values({
      workspace_id: key.workspaceId,
      deployment_id: key.deploymentId,
      component: build.component,
      image: build.result.state === 'built' ? build.result.image : null,
      failure: build.result.state === 'failed' ? build.result.reason : null,
      finished_at: new Date(build.atMs),
    })
    .onConflict((conflict) => conflict.columns(['workspace_id', 'deployment_id', 'component']).doNothing())
    .execute();
}

/**
 * Adds lines to what a deployment tells. Lines of a build that were told before are left out. The lock makes the order of the numbers
 * that of the commits, so that who reads on from the last number misses nothing.
 */
export async function insertEvents(tx: Transaction, key: DeploymentKey, events: readonly NewEvent[]): Promise<void> {
  if (events.length === 0) return;
  await sql`select pg_advisory_xact_lock(hashtextextended('deployment-events/' || ${key.deploymentId}, 0))`.execute(tx);
  const values = events.map((event) => ({
    workspace_id: key.workspaceId,
    deployment_id: key.deploymentId,
    at: new Date(event.atMs),
    state: event.state,
    line: event.line,
    component: event.build?.component ?? null,
    ordinal: event.build?.ordinal ?? null,
  }));
  await withDeployments(tx)
    .insertInto('deployment_events')
    .values(values)
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** How many lines a deployment has told. */
export async function countEvents(tx: Transaction, deploymentId: DeploymentId): Promise<number> {
  const row = await withDeployments(tx)
    .selectFrom('deployment_events')
    .where('deployment_id', '=', deploymentId)
    .select(({ fn }) => fn.countAll<number>().as('lines'))
    .executeTakeFirstOrThrow();
  return row.lines;
}

export type DeploymentKey = EnvironmentKey & { readonly deploymentId: DeploymentId };
export type NewRelease = Omit<Release, 'number'> & { readonly deploymentId: DeploymentId };
export type NewBuild = { readonly component: string; readonly result: BuildState; readonly atMs: number };

export type NewEvent = {
  readonly atMs: number;
  readonly state: DeploymentState;
  readonly line: string;
  /** A build's line: its component, and its place among the component's lines of the same millisecond. */
  readonly build?: { readonly component: string; readonly ordinal: number };
};

async function listBuilds(
  tx: Transaction,
  ids: readonly DeploymentId[],
): Promise<ReadonlyMap<DeploymentId, ReadonlyMap<string, BuildState>>> {
  if (ids.length === 0) return new Map();
  const rows = await withDeployments(tx)
    .selectFrom('deployment_builds')
    .selectAll()
    .where('deployment_id', 'in', ids)
    .execute();
  const groups = Map.groupBy(rows, (row) => row.deployment_id);
  return new Map([...groups].map(([id, group]) => [id, new Map(group.map((row) => [row.component, asBuild(row)]))]));
}

function asBuild(row: { readonly image: ImageDigest | null; readonly failure: string | null }): BuildState {
  return row.image === null ? { state: 'failed', reason: row.failure ?? '' } : { state: 'built', image: row.image };
}

type GoalRow = {
  readonly id: DeploymentId;
  readonly config: Release['config'] | null;
  readonly source_digest: string | null;
  readonly target: ReleaseId | null;
  readonly target_config: Release['config'] | null;
  readonly number: number | null;
};

function asGoal(row: GoalRow): DeploymentGoal {
  if (row.config !== null && row.source_digest !== null)
    return { kind: 'source', config: row.config, sourceDigest: row.source_digest };
  if (row.target !== null && row.target_config !== null && row.number !== null)
    return { kind: 'rollback', config: row.target_config, releaseId: row.target, number: row.number };
  throw new Error(`Deployment ${row.id} has neither a source nor a release`);
}

type ProgressRow = {
  readonly state: DeploymentState | null;
  readonly message: string | null;
  readonly release_id: ReleaseId | null;
  readonly awaited_generation: number | null;
  readonly entered_at: Date | null;
};

function asProgress(row: ProgressRow): DeploymentProgress | undefined {
  if (row.state === null || row.entered_at === null) return undefined;
  return {
    state: row.state,
    message: row.message ?? '',
    releaseId: row.release_id,
    awaitedGeneration: row.awaited_generation ?? 0,
    enteredAtMs: row.entered_at.getTime(),
  };
}

/** Adds a deployment as it was asked for; the reconciler goes on from there. */
export async function insertDeployment(tx: Transaction, deployment: NewDeployment): Promise<DeploymentRow> {
  const { config, ...values } = deployment;
  await withDeployments(tx)
    .insertInto('deployments')
    .values({ ...values, config: config === null ? null : JSON.stringify(config) })
    .execute();
  return getDeployment(tx, deployment.environment_id, deployment.id);
}

export type NewDeployment = {
  readonly workspace_id: WorkspaceId;
  readonly id: DeploymentId;
  readonly environment_id: EnvironmentId;
  readonly kind: 'source' | 'rollback';
  readonly config: Release['config'] | null;
  readonly source_digest: string | null;
  readonly target_release_id: ReleaseId | null;
};

/** A deployment as people see it. Its state is null before a reconciler has seen it. */
export type DeploymentRow = {
  readonly id: DeploymentId;
  readonly kind: 'source' | 'rollback';
  readonly sequence: number;
  readonly created_at: Date;
  readonly state: DeploymentState | null;
  readonly message: string | null;
  readonly release_id: ReleaseId | null;
  readonly finished_at: Date | null;
};

/** A deployment of an environment. Throws the Problem `not-found`. */
export async function getDeployment(
  tx: Transaction,
  environmentId: EnvironmentId,
  id: DeploymentId,
): Promise<DeploymentRow> {
  const row = await selectDeployments(tx, environmentId).where('d.id', '=', id).executeTakeFirst();
  if (row !== undefined) return row;
  throw new Problem('not-found', `There is no deployment ${id} in this environment.`);
}

/** The deployments of an environment, newest first. */
export async function listDeploymentRows(
  tx: Transaction,
  environmentId: EnvironmentId,
  paging: Paging,
): Promise<readonly DeploymentRow[]> {
  const rows = selectDeployments(tx, environmentId)
    .orderBy('d.sequence', 'desc')
    .limit(paging.limit + 1);
  if (paging.afterKey === undefined) return rows.execute();
  return rows.where('d.sequence', '<', Number(paging.afterKey)).execute();
}

function selectDeployments(tx: Transaction, environmentId: EnvironmentId) {
  return withDeployments(tx)
    .selectFrom('deployments as d')
    .leftJoin('deployment_progress as g', (join) =>
      join.onRef('g.workspace_id', '=', 'd.workspace_id').onRef('g.deployment_id', '=', 'd.id'),
    )
    .where('d.environment_id', '=', environmentId)
    .select(['d.id', 'd.kind', 'd.sequence', 'd.created_at', 'g.state', 'g.message', 'g.release_id', 'g.finished_at']);
}

/** What a deployment told after the line of that number, oldest first. */
export async function listEvents(
  tx: Transaction,
  deploymentId: DeploymentId,
  after: { readonly sequence: number; readonly limit: number },
): Promise<readonly EventRow[]> {
  return withDeployments(tx)
    .selectFrom('deployment_events')
    .select(['sequence', 'at', 'state', 'line'])
    .where('deployment_id', '=', deploymentId)
    .where('sequence', '>', after.sequence)
    .orderBy('sequence')
    .limit(after.limit)
    .execute();
}

export type EventRow = {
  readonly sequence: number;
  readonly at: Date;
  readonly state: DeploymentState;
  readonly line: string;
};
