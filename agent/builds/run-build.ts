import { createReadStream } from 'node:fs';

import type { BuildRequest } from '@ringfort/contracts/agent-requests.ts';
import { Problem } from '@ringfort/contracts/problem.ts';
import type { AgentConfig } from '@ringfort/contracts/program-config.ts';
import type { Clock } from '@ringfort/kit/clock.ts';
import type { Log } from '@ringfort/kit/log.ts';
import type { Driver } from '@ringfort/drivers/driver.ts';

import type { Environment } from '../loop/environment.ts';
import { buildKey } from '../plan/workload-key.ts';
import type { BuildOutcome } from '../store/environment-documents.ts';
import type { EnvironmentStore } from '../store/environment-store.ts';
import type { Serial } from '../store/serial.ts';
import type { BuildLog } from './build-log.ts';
import { keepFinishedBuild } from './finished-builds.ts';
import { planBuild } from './plan-build.ts';
import type { Slots } from './slots.ts';
import type { SpooledSource } from './spool-source.ts';

/**
 * Runs one build from its spooled source to its end, which is kept, and tells its log. What is no result of the build itself (no engine,
 * cancelled, a fault of ours) breaks the log off instead, and the same build may be asked for again.
 */
export async function runBuild(request: BuildRequest, run: BuildRun): Promise<void> {
  const { environment, buildLog, tools } = run;
  const key = buildKey(request.buildId, request.component);
  const outcome = await attempt(request, run).catch((error: unknown) => {
    tools.log.warn('Build broken off', { environmentId: environment.id, buildId: request.buildId, error });
    return error instanceof Problem ? error : new Problem('internal', 'The build was broken off.', { cause: error });
  });
  await environment.addresses.release((other) => other === key);
  await run.spooled.remove();
  if (outcome instanceof Problem) buildLog.breakOff(outcome);
  else buildLog.end(outcome);
}

export type BuildTools = {
  readonly driver: Driver;
  readonly store: EnvironmentStore;
  readonly config: Pick<AgentConfig, 'buildProxy' | 'images' | 'certificateBundle'>;
  readonly clock: Clock;
  readonly log: Log;
};

export type BuildRun = {
  readonly tools: BuildTools;
  readonly environment: Environment;
  readonly spooled: SpooledSource;
  readonly slots: Slots;
  /** One after the other: two builds of an environment that end together must not lose one another's result. */
  readonly keeping: Serial;
  readonly buildLog: BuildLog;
  readonly signal: AbortSignal;
};

async function attempt(request: BuildRequest, run: BuildRun): Promise<BuildOutcome> {
  const { environment, tools } = run;
  if (run.slots.isFull()) run.buildLog.addLine('Waiting for another build to end.');
  const outcome = await run.slots.run(async () => {
    await environment.addresses.allot([buildKey(request.buildId, request.component)]);
    return buildOnce(request, run);
  }, run.signal);
  const finishedAt = new Date(tools.clock.nowMs()).toISOString();
  await run.keeping(() => keepFinishedBuild(tools.store, { v: 1, request, outcome, finishedAt }));
  return outcome;
}

async function buildOnce(request: BuildRequest, run: BuildRun): Promise<BuildOutcome> {
  const { environment, tools, signal } = run;
  const plan = planBuild(request, { environment, config: tools.config });
  const source = createReadStream(run.spooled.path);
  try {
    const result = await tools.driver.build(plan, { source, onLine: run.buildLog.addLine, signal });
    return { type: 'built', ...result };
  } catch (error) {
    const isResult = error instanceof Problem && !signal.aborted;
    if (!isResult || (error.code !== 'source-refused' && error.code !== 'build-failed')) throw error;
    return { type: 'failed', code: error.code, reason: error.detail };
  } finally {
    source.destroy();
  }
}
