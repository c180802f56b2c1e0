import type { ObservedEnvironment } from '@ringfort/contracts/agent-requests.ts';

import type { Transaction } from '../../db/transaction.ts';
import { storableText } from '../../storable-text.ts';
import type { EnvironmentState } from '../environment-specs/environment-state.ts';
import { mergeAddresses } from '../environment-specs/merge-addresses.ts';
import { planHostnames } from '../environment-specs/plan-environment-spec.ts';
import { saveAddresses, saveObservation } from '../environment-specs/store.ts';
import type { Addresses } from '../environment-specs/store.ts';
import { deploymentLimits as limits } from './limits.ts';
import type { World } from './world.ts';

/** Keeps what the agent told of an environment: for people, and where its workloads listen for the edges. */
export async function keepObservation(tx: Transaction, seen: SeenEnvironment): Promise<KeptObservation> {
  const { state, world } = seen;
  const observed = world.observed.get(state.environmentId);
  const isRemoved = isGone(state, world, observed);
  if (observed === undefined && !isRemoved) return { isMoved: false, isRemoved };
  const clean = storable(observed ?? gone(state));
  if (isRemoved || isNews(state, world, clean))
    await saveObservation(tx, state, {
      atMs: world.nowMs,
      observed: clean,
      removedAtMs: isRemoved ? world.nowMs : null,
    });
  const before = seen.addresses ?? none;
  const after = isRemoved ? none : mergeAddresses(before, clean, keptNames(state, world));
  const isMoved = JSON.stringify(before) !== JSON.stringify(after);
  if (isMoved) await saveAddresses(tx, state, after);
  return { isMoved, isRemoved };
}

export type SeenEnvironment = {
  readonly state: EnvironmentState;
  readonly world: World;
  /** As they are stored. */
  readonly addresses: Addresses | undefined;
};

/** `isRemoved`: the agent has taken the specification that removes it, and has nothing of it any more. */
export type KeptObservation = { readonly isMoved: boolean; readonly isRemoved: boolean };

const none: Addresses = { endpoints: [], certificates: [] };

function isGone(state: EnvironmentState, world: World, observed: ObservedEnvironment | undefined): boolean {
  const generation = state.spec?.generation ?? 0;
  if (state.progress.withdrawnAtMs === null || !world.agentAnswers) return false;
  if (world.memory.taken.get(state.environmentId) !== generation) return false;
  return observed === undefined || (observed.appliedGeneration >= generation && observed.workloads.length === 0);
}

/** What is the same as the last time is stored now and then only, to say that it was seen. */
function isNews({ environmentId }: EnvironmentState, { memory, nowMs }: World, observed: ObservedEnvironment): boolean {
  const { generation, appliedGeneration, message, workloads } = observed;
  const text = JSON.stringify([generation, appliedGeneration, message, workloads]);
  const last = memory.stored.get(environmentId);
  if (last?.text === text && nowMs - last.atMs < limits.observationAgeMsMax) return false;
  memory.stored.set(environmentId, { text, atMs: nowMs });
  return true;
}

function keptNames(
  { progress, ...hosts }: EnvironmentState,
  { appsDomain }: World,
): Parameters<typeof mergeAddresses>[2] {
  const ids = [progress.activeReleaseId, progress.candidateReleaseId, progress.drainingReleaseId];
  return {
    releaseIds: new Set(ids.filter((id) => id !== null)),
    hostnames: new Set(planHostnames({ ...hosts, appsDomain })),
  };
}

function gone({ environmentId, spec }: EnvironmentState): ObservedEnvironment {
  const generation = spec?.generation ?? 0;
  return {
    environmentId,
    generation,
    appliedGeneration: generation,
    message: '',
    workloads: [],
    endpoints: [],
    certificates: [],
  };
}

function storable(observed: ObservedEnvironment): ObservedEnvironment {
  const workloads = observed.workloads.map((workload) => ({ ...workload, reason: storableText(workload.reason) }));
  return { ...observed, message: storableText(observed.message), workloads };
}
