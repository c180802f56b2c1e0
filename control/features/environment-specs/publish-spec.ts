import { createHash } from 'node:crypto';

import type { EnvironmentSpec } from '@ringfort/contracts/environment-spec.ts';
import type { Hostname } from '@ringfort/contracts/names.ts';
import type { ReleaseId } from '@ringfort/contracts/identifiers.ts';

import type { Transaction } from '../../db/transaction.ts';
import type { EnvironmentState, Release } from './environment-state.ts';
import { planEnvironmentSpec } from './plan-environment-spec.ts';
import { saveSpec } from './store.ts';

/**
 * Writes the specification that follows from an environment's state, if it differs from the newest one, and gives the generation that
 * holds it. Generations only grow, also past one that the agent knows and this database does not (it was restored from a backup).
 */
export async function publishSpec(tx: Transaction, state: EnvironmentState, options: PublishOptions): Promise<number> {
  const plan = (generation: number): EnvironmentSpec => planEnvironmentSpec(asWanted(state, options), generation);
  const digest = createHash('sha256')
    .update(JSON.stringify(plan(1)))
    .digest('hex');
  const { spec } = state;
  const isBehindAgent = spec === undefined || spec.generation < options.agentGeneration;
  if (spec?.digest === digest && !isBehindAgent) return spec.generation;
  const generation = Math.max(spec?.generation ?? 0, options.agentGeneration) + 1;
  await saveSpec(tx, plan(generation), digest);
  return generation;
}

export type PublishOptions = {
  readonly appsDomain: Hostname;
  /** The newest generation that the agent has taken; 0 when it knows none. */
  readonly agentGeneration: number;
};

function asWanted(state: EnvironmentState, { appsDomain }: PublishOptions): Parameters<typeof planEnvironmentSpec>[0] {
  const { progress } = state;
  const ids = [progress.activeReleaseId, progress.candidateReleaseId, progress.drainingReleaseId];
  return {
    workspaceId: state.workspaceId,
    projectId: state.projectId,
    environmentId: state.environmentId,
    project: state.project,
    environment: state.environment,
    criticality: state.criticality,
    throwaway: state.throwaway,
    appsDomain,
    domains: state.domains,
    removed: progress.withdrawnAtMs !== null,
    services: progress.services,
    releases: ids.filter((id) => id !== null).map((id) => getRelease(state, id)),
  };
}

function getRelease(state: EnvironmentState, id: ReleaseId): Release {
  const release = state.releases.get(id);
  if (release === undefined)
    throw new Error(`Environment ${state.environmentId} names the release ${id}, which is not there`);
  return release;
}
