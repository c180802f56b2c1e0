import type { ObserveAnswer } from '@ringfort/contracts/agent-requests.ts';
import type { WorkspaceId } from '@ringfort/contracts/identifiers.ts';
import { Problem } from '@ringfort/contracts/problem.ts';
import type { Log } from '@ringfort/kit/log.ts';

import type { AgentClient } from '../../agent-client.ts';
import { inWorkspace } from '../../db/transaction.ts';
import type { NewestSnapshot } from '../edge-snapshots/newest-snapshot.ts';
import { publishSnapshot } from '../edge-snapshots/publish-snapshot.ts';
import type { PublishSnapshotOptions } from '../edge-snapshots/publish-snapshot.ts';
import { listEdges, savePlatformCertificates } from '../edge-snapshots/store.ts';
import { listWorkspaceIds } from '../environment-specs/store.ts';
import type { AgentMemory } from './agent-memory.ts';
import type { BuildFollowers } from './follow-builds.ts';
import { deploymentLimits as limits } from './limits.ts';
import { reconcileWorkspace } from './reconcile-workspace.ts';
import type { WorkspaceResult } from './reconcile-workspace.ts';
import { sendSpec } from './send-spec.ts';
import type { World } from './world.ts';

/**
 * One round over the platform: look at the agent, the snapshot and the edges; take every environment a step on; send what the agent has
 * not taken; follow builds; make the snapshot. What fails in one workspace holds up no other; it is thrown at the end.
 */
export async function runRound(options: RoundOptions): Promise<RoundResult> {
  const { database, builds } = options;
  const answer = await observe(options);
  if (answer !== undefined) await keepPlatformCertificates(options, answer);
  const workspaceIds = await listWorkspaceIds(database);
  const world = await seeWorld(options, answer);
  const errors: unknown[] = [];
  const keep = (error: unknown): undefined => void errors.push(error);
  const results: WorkspaceResult[] = [];
  for (const workspaceId of workspaceIds) {
    const work = inWorkspace(database, { workspaceId }, (tx) => reconcileWorkspace(tx, workspaceId, world));
    const result = await work.catch(keep);
    if (result !== undefined) results.push(result);
  }
  const unsent = world.agentAnswers ? results.flatMap((result) => result.unsent) : [];
  await Promise.all(unsent.map((spec) => sendSpec(spec, options).catch(keep)));
  if (world.agentAnswers)
    for (const { building } of results) for (const deployment of building) builds.follow(deployment);
  const isMoved = results.some((result) => result.isMoved);
  if (isMoved || isPublishDue(options, world)) await publish(options, workspaceIds).catch(keep);
  if (errors.length > 0) throw new AggregateError(errors, 'A round of reconciliation failed in part');
  return { isMoved, isBusy: results.some((result) => result.isBusy) };
}

export type RoundOptions = PublishSnapshotOptions & {
  readonly agent: AgentClient;
  readonly builds: BuildFollowers;
  readonly newest: NewestSnapshot;
  readonly memory: AgentMemory;
  readonly newId: () => string;
  readonly log: Log;
  /** When this control began to work. */
  readonly sinceMs: number;
};

export type RoundResult = Pick<WorkspaceResult, 'isMoved' | 'isBusy'>;

async function seeWorld(options: RoundOptions, answer: ObserveAnswer | undefined): Promise<World> {
  const { database, clock, memory, newest, sinceMs, appsDomain, newId } = options;
  return {
    nowMs: clock.nowMs(),
    sinceMs,
    agentAnswers: answer !== undefined,
    observed: new Map(answer?.environments.map((observed) => [observed.environmentId, observed])),
    snapshot: await newest.refresh(),
    edges: await listEdges(database),
    memory,
    appsDomain,
    newId,
  };
}

/** Domains and environments change without a step of ours, so the snapshot is compared now and then in any case. */
function isPublishDue({ memory }: RoundOptions, { nowMs, snapshot }: World): boolean {
  return snapshot === undefined || nowMs - memory.publishedAtMs >= limits.idleRoundMs;
}

async function publish(options: RoundOptions, workspaceIds: readonly WorkspaceId[]): Promise<void> {
  const beganAtMs = options.clock.nowMs();
  await publishSnapshot(workspaceIds, options);
  options.memory.publishedAtMs = beganAtMs;
  await options.newest.refresh();
}

async function keepPlatformCertificates({ database, memory }: RoundOptions, answer: ObserveAnswer): Promise<void> {
  const text = JSON.stringify(answer.platformCertificates);
  if (memory.platformCertificates === text) return;
  await savePlatformCertificates(database, answer.platformCertificates);
  memory.platformCertificates = text;
}

/** An agent that is away holds up what needs it and nothing else. */
async function observe({ agent, log, memory }: RoundOptions): Promise<ObserveAnswer | undefined> {
  try {
    const answer = await agent.observe();
    if (!memory.isAnswering) log.info('The agent answers again');
    memory.isAnswering = true;
    return answer;
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    if (memory.isAnswering) log.warn('The agent tells nothing', { code: error.code, detail: error.detail });
    memory.isAnswering = false;
    return undefined;
  }
}
