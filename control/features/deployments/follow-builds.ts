import type { BuildEvent } from '@ringfort/contracts/agent-requests.ts';
import { ComponentName } from '@ringfort/contracts/names.ts';
import { Problem } from '@ringfort/contracts/problem.ts';
import type { Clock } from '@ringfort/kit/clock.ts';
import type { Log } from '@ringfort/kit/log.ts';

import type { AgentClient } from '../../agent-client.ts';
import type { Database } from '../../db/database.ts';
import { inWorkspace } from '../../db/transaction.ts';
import { storableText } from '../../storable-text.ts';
import type { SourceBlobs } from '../sources/source-blobs.ts';
import { keepBuildLines } from './build-lines.ts';
import type { BuildState } from './judge-builds.ts';
import { deploymentLimits as limits } from './limits.ts';
import { insertBuild } from './store.ts';
import type { UnfinishedDeployment } from './unfinished-deployment.ts';

/** Follows the builds of deployments at the agent, each once, and keeps what they tell and their results. */
export type BuildFollowers = {
  /** Begins to follow, or joins again, what is not built yet. Returns at once. */
  readonly follow: (deployment: UnfinishedDeployment) => void;
  /** Resolves when no build is followed. */
  readonly settled: () => Promise<void>;
  readonly close: () => Promise<void>;
};

/** Follows nothing yet. `onResult` is called after each build that ended or broke off. */
export function createBuildFollowers(options: FollowerOptions): BuildFollowers {
  const running = new Map<string, Promise<void>>();
  const brokenAtMs = new Map<string, number>();
  const stopping = new AbortController();
  const begin = (deployment: UnfinishedDeployment, component: string): void => {
    const key = `${deployment.deploymentId}/${component}`;
    if (running.has(key) || stopping.signal.aborted) return;
    const lastAtMs = brokenAtMs.get(key);
    if (lastAtMs !== undefined && options.clock.nowMs() - lastAtMs < limits.rejoinMsMin) return;
    const following = followBuild({ ...options, deployment, component, signal: stopping.signal })
      .then(() => void brokenAtMs.delete(key))
      .catch((error: unknown) => {
        brokenAtMs.set(key, options.clock.nowMs());
        reportBreak(options.log, error, key);
      })
      .finally(() => {
        running.delete(key);
        options.onResult();
      });
    running.set(key, following);
  };
  const settled = async (): Promise<void> => void (await Promise.all(running.values()));
  return {
    follow: (deployment) => {
      if (deployment.goal.kind !== 'source' || deployment.progress?.state !== 'building') return;
      for (const component of Object.keys(deployment.goal.config.applications))
        if (!deployment.builds.has(component)) begin(deployment, component);
    },
    settled,
    close: async () => {
      stopping.abort();
      await settled();
    },
  };
}

export type FollowerOptions = {
  readonly agent: AgentClient;
  /** As the reconcilers' role. */
  readonly database: Database;
  readonly blobs: SourceBlobs;
  readonly clock: Clock;
  readonly log: Log;
  readonly onResult: () => void;
};

type Following = FollowerOptions & {
  readonly deployment: UnfinishedDeployment;
  readonly component: string;
  readonly signal: AbortSignal;
};

async function followBuild(following: Following): Promise<void> {
  const { deployment, component, database, clock } = following;
  const result = await judged(runBuild(following));
  if (result === undefined) return;
  await inWorkspace(database, deployment, (tx) =>
    insertBuild(tx, deployment, { component, result, atMs: clock.nowMs() }),
  );
}

async function runBuild(following: Following): Promise<BuildState> {
  const { agent, database, blobs, deployment, component, signal } = following;
  const { goal } = deployment;
  const name = ComponentName.parse(component);
  const application = goal.config.applications[name];
  if (goal.kind !== 'source' || application === undefined) throw new Error(`There is nothing to build of ${component}`);
  const { sourceDigest } = goal;
  const source = await blobs.open(deployment.workspaceId, sourceDigest);
  if (source === undefined)
    return { state: 'failed', reason: `The source archive ${sourceDigest} is not kept any more; deploy again` };
  const prefix = Object.keys(goal.config.applications).length > 1 ? `${component} | ` : '';
  const lines = keepBuildLines({ database, key: deployment, component, prefix });
  const command = application.build === undefined ? {} : { command: application.build };
  const { deploymentId: buildId, environmentId } = deployment;
  const request = { buildId, environmentId, component: name, runtime: application.runtime, sourceDigest, ...command };
  try {
    for await (const event of agent.build(request, { ...source, signal })) {
      if (event.type === 'log') await lines.add(event);
      else return asResult(event);
    }
  } finally {
    await lines.close();
  }
  throw new Problem('agent-unavailable', 'The agent broke off before the build had ended.');
}

function asResult(event: Exclude<BuildEvent, { type: 'log' }>): BuildState {
  if (event.type === 'built') return { state: 'built', image: event.image };
  return { state: 'failed', reason: storableText(event.reason) };
}

/** The agent's refusal of the source or the build is a result; anything else that goes wrong is tried again. */
async function judged(work: Promise<BuildState>): Promise<BuildState | undefined> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof Problem) || !final.has(error.code)) throw error;
    return { state: 'failed', reason: storableText(error.detail) };
  }
}

const final: ReadonlySet<string> = new Set(['source-refused', 'build-failed', 'input-invalid', 'body-too-large']);

/** The next look at the deployment joins the build again; what is no `Problem` is a bug and is told with its stack. */
function reportBreak(log: Log, error: unknown, build: string): void {
  if (error instanceof Problem) log.warn('A build is joined again', { build, code: error.code, detail: error.detail });
  else log.error('Following a build failed', { build, error });
}
