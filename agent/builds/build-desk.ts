import type { Readable } from 'node:stream';
import { isDeepStrictEqual } from 'node:util';

import type { BuildEvent, BuildRequest } from '@ringfort/contracts/agent-requests.ts';
import type { EnvironmentId } from '@ringfort/contracts/identifiers.ts';
import { Problem } from '@ringfort/contracts/problem.ts';

import { agentLimits as limits } from '../limits.ts';
import type { Environment } from '../loop/environment.ts';
import { buildKey } from '../plan/workload-key.ts';
import { createSerial } from '../store/serial.ts';
import { createBuildLog, type BuildLog } from './build-log.ts';
import { createBuildSweeper } from './build-sweeper.ts';
import { findFinishedBuild } from './finished-builds.ts';
import { runBuild, type BuildTools } from './run-build.ts';
import { createSlots } from './slots.ts';
import { openSpool, spoolSource, type SpooledSource } from './spool-source.ts';

/** Takes builds in and lets everyone who asks for the same one follow it. A build goes on when its asker leaves. */
export type BuildDesk = {
  /** Begins or joins a build, or gives the result of one that ended; `source` is read only by the one that begins. */
  readonly begin: (request: BuildRequest, input: BeginInput) => Promise<Follow>;
  /** Takes away what builds of an earlier agent left in the environment. */
  readonly sweep: (environment: Environment) => Promise<void>;
  /** Ends the builds of an environment, or all. Their askers are cut off. */
  readonly cancel: (id?: EnvironmentId) => Promise<void>;
};

export type Follow = (signal: AbortSignal) => AsyncIterable<BuildEvent>;

/** Nothing runs yet; sources that an earlier agent kept are taken away. */
export async function openBuildDesk(options: DeskOptions): Promise<BuildDesk> {
  const running = new Map<string, RunningBuild>();
  const folder = await openSpool(options.home);
  const slots = createSlots({ atOnceMax: limits.buildsAtOnceMax, waitingMax: limits.buildsWaitingMax });
  const runningIn = (id: EnvironmentId): readonly RunningBuild[] =>
    [...running.values()].filter(({ request }) => request.environmentId === id);
  const { tools } = options;
  const keeping = createSerial();
  let spooledCount = 0;
  const sweeper = createBuildSweeper(tools, (id) => runningIn(id).length > 0);
  const join = (request: BuildRequest): Follow | undefined => {
    const current = running.get(keyOf(request));
    return current === undefined
      ? undefined
      : forSame(request, { of: current.request, follow: current.buildLog.follow });
  };
  const start = (request: BuildRequest, input: StartInput): Follow => {
    const buildLog = createBuildLog(tools.clock);
    const stop = new AbortController();
    const done = runBuild(request, { tools, ...input, slots, keeping, buildLog, signal: stop.signal }).finally(() => {
      running.delete(keyOf(request));
      sweeper.sweepAgain(input.environment);
    });
    running.set(keyOf(request), { request, buildLog, stop, done });
    return buildLog.follow;
  };
  return {
    begin: async (request, { source, getEnvironment }) => {
      const environment = getEnvironment();
      const known = join(request) ?? (await findReplay(request, tools));
      if (known !== undefined) return known;
      const spooled = await spoolSource(source, {
        folder,
        name: String((spooledCount += 1)),
        digest: request.sourceDigest,
      });
      try {
        await sweeper.sweepOnce(environment);
        getEnvironment();
      } catch (error) {
        await spooled.remove();
        throw error;
      }
      // Nothing waits between the look and the start: of two that ask at the same time, one begins and the other joins.
      const other = join(request);
      if (other === undefined) return start(request, { environment, spooled });
      await spooled.remove();
      return other;
    },
    sweep: sweeper.sweepOnce,
    cancel: async (id) => {
      const builds = id === undefined ? [...running.values()] : runningIn(id);
      for (const { stop } of builds) stop.abort();
      await Promise.all(builds.map(({ done }) => done));
      if (id !== undefined) await sweeper.settled(id);
    },
  };
}

export type DeskOptions = { readonly tools: BuildTools; readonly home: string };

export type BeginInput = {
  readonly source: Readable;
  /** Throws `not-found` for an unknown environment and `state-conflict` for one that is not there yet or any more. */
  readonly getEnvironment: () => Environment;
};

type StartInput = { readonly environment: Environment; readonly spooled: SpooledSource };

type RunningBuild = {
  readonly request: BuildRequest;
  readonly buildLog: BuildLog;
  readonly stop: AbortController;
  readonly done: Promise<void>;
};

async function findReplay(request: BuildRequest, { store }: BuildTools): Promise<Follow | undefined> {
  const finished = await findFinishedBuild(store, request);
  if (finished === undefined) return undefined;
  const follow: Follow = async function* replay() {
    yield await Promise.resolve(finished.outcome);
  };
  return forSame(request, { of: finished.request, follow });
}

function forSame(request: BuildRequest, known: { readonly of: BuildRequest; readonly follow: Follow }): Follow {
  if (isDeepStrictEqual(request, known.of)) return known.follow;
  const detail = `Build ${request.buildId} of “${request.component}” was asked for before with another source or command.`;
  throw new Problem('state-conflict', detail);
}

function keyOf({ environmentId, buildId, component }: BuildRequest): string {
  return `${environmentId}/${buildKey(buildId, component)}`;
}
