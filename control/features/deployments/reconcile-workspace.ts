import type { EnvironmentId, WorkspaceId } from '@ringfort/contracts/identifiers.ts';

import type { Transaction } from '../../db/transaction.ts';
import type { EnvironmentState } from '../environment-specs/environment-state.ts';
import { claimWorkspace, listAddresses, listEnvironmentStates } from '../environment-specs/store.ts';
import type { Addresses } from '../environment-specs/store.ts';
import type { EnvironmentPass } from './environment-pass.ts';
import { keepObservation } from './keep-observation.ts';
import { reconcileEnvironment } from './reconcile-environment.ts';
import type { PassResult } from './reconcile-environment.ts';
import { listUnfinishedDeployments } from './store.ts';
import type { UnfinishedDeployment } from './unfinished-deployment.ts';
import type { World } from './world.ts';

/**
 * Looks at every environment of one workspace, in one transaction that no other control has at the same time. Nothing slow happens in
 * it: what is to be sent or followed is the result.
 */
export async function reconcileWorkspace(
  tx: Transaction,
  workspaceId: WorkspaceId,
  world: World,
): Promise<WorkspaceResult> {
  if (!(await claimWorkspace(tx, workspaceId))) return nothing;
  const states = await listEnvironmentStates(tx);
  const deployments = Map.groupBy(await listUnfinishedDeployments(tx), (one) => one.environmentId);
  const addresses = await listAddresses(tx);
  const results: WorkspaceResult[] = [];
  for (const state of states) {
    const { environmentId } = state;
    const own = deployments.get(environmentId) ?? [];
    results.push(await reconcileOne(tx, { state, deployments: own, world, addresses: addresses.get(environmentId) }));
  }
  return {
    isMoved: results.some((result) => result.isMoved),
    isBusy: results.some((result) => result.isBusy),
    unsent: results.flatMap((result) => result.unsent),
    building: results.flatMap((result) => result.building),
  };
}

export type WorkspaceResult = {
  /** Something changed: another round at once may find more to do, and edges may have to know. */
  readonly isMoved: boolean;
  /** Something is under way, so the next round comes soon. */
  readonly isBusy: boolean;
  readonly unsent: readonly UnsentSpec[];
  readonly building: readonly UnfinishedDeployment[];
};

/** A specification that the agent has not said to have taken. */
export type UnsentSpec = {
  readonly workspaceId: WorkspaceId;
  readonly environmentId: EnvironmentId;
  readonly generation: number;
};

const nothing: WorkspaceResult = { isMoved: false, isBusy: false, unsent: [], building: [] };

type One = {
  readonly state: EnvironmentState;
  readonly deployments: readonly UnfinishedDeployment[];
  readonly world: World;
  readonly addresses: Addresses | undefined;
};

async function reconcileOne(tx: Transaction, { state, deployments, world, addresses }: One): Promise<WorkspaceResult> {
  const { workspaceId, environmentId } = state;
  const pass = toPass(state, { deployments, world });
  const kept = await keepObservation(tx, { state, world, addresses });
  if (kept.isRemoved) return { ...nothing, isMoved: true };
  const result = await reconcileEnvironment(tx, pass);
  const { generation } = result;
  const isRefused = world.memory.refused.get(environmentId)?.generation === generation;
  const isTaken = world.memory.taken.get(environmentId) === generation && pass.agentGeneration >= generation;
  return {
    isMoved: result.isMoved || kept.isMoved,
    isBusy: deployments.length > 0 || isUnsettled(pass, result),
    unsent: isRefused || isTaken ? [] : [{ workspaceId, environmentId, generation }],
    building: deployments.filter(({ progress }) => progress?.state === 'building'),
  };
}

function toPass(state: EnvironmentState, { deployments, world }: Pick<One, 'deployments' | 'world'>): EnvironmentPass {
  const { environmentId } = state;
  const { memory, snapshot } = world;
  const observed = world.observed.get(environmentId);
  const refused = memory.refused.get(environmentId);
  const agentGeneration = Math.max(observed?.generation ?? 0, memory.ahead.get(environmentId) ?? 0);
  const site = snapshot?.sites.get(environmentId);
  return {
    state,
    deployments,
    observed,
    agentAnswers: world.agentAnswers,
    refusal: refused !== undefined && refused.generation === state.spec?.generation ? refused.detail : undefined,
    agentGeneration,
    snapshot: snapshot === undefined ? undefined : { version: snapshot.version, site },
    edges: world.edges,
    nowMs: world.nowMs,
    sinceMs: world.sinceMs,
    appsDomain: world.appsDomain,
    newId: world.newId,
  };
}

function isUnsettled({ state, observed }: EnvironmentPass, { generation }: PassResult): boolean {
  const { progress } = state;
  const isSwitching = progress.switchAcknowledgedAtMs === null || progress.drainingReleaseId !== null;
  return isSwitching || progress.withdrawing || (observed?.appliedGeneration ?? 0) < generation;
}
