import { createHash } from 'node:crypto';

import type { LogEvent } from '@ringfort/contracts/agent-requests.ts';
import { ImageDigest } from '@ringfort/contracts/environment-spec.ts';
import { Problem } from '@ringfort/contracts/problem.ts';
import type { Clock } from '@ringfort/kit/clock.ts';
import { wait } from '@ringfort/kit/wait.ts';

import type {
  BuildOptions,
  BuildPlan,
  BuildResult,
  Driver,
  EnvironmentPlan,
  HealthAnswer,
  LogRequest,
  WorkloadPlan,
} from '../driver.ts';
import { logSource } from '../log-source.ts';
import { openState, type SimulatedState, type SimulatedWorkload } from './state.ts';

/** Names that make a simulated application misbehave, for development, the console's tests and demos. */
export const sentinels = {
  /** An application of this name answers its health check with 500. */
  failsHealth: 'fails-health',
  /** An application of this name becomes healthy only after `slowStartMs`. */
  slowStart: 'slow-start',
  /** The build of an application of this name fails. */
  failsBuild: 'fails-build',
} as const;
const slowStartMs = 3_000;

export type SimulatedOptions = {
  readonly clock: Clock;
  /** Where the state is kept between starts; left out: in memory alone. */
  readonly file?: string;
};

/** A driver that runs nothing. It keeps to the port's rules, and claims nothing: probes are refused, endpoints lead nowhere. */
export async function createSimulatedDriver(options: SimulatedOptions): Promise<Driver> {
  const state = await openState(options.file);
  return {
    kind: 'simulated',
    prepare: () => Promise.resolve(),
    apply: (plan) => apply(plan, state, options.clock),
    remove: async ({ environmentId }) => {
      state.environments.delete(environmentId);
      state.images.delete(environmentId);
      await state.save();
    },
    observe: () =>
      Promise.resolve(
        [...state.environments].map(([environmentId, workloads]) => ({
          environmentId,
          workloads: [...workloads.values()].map(observed),
        })),
      ),
    checkHealth: (plan, workload) => Promise.resolve(health(plan, workload, { state, clock: options.clock })),
    build: (plan, buildOptions) => build(plan, buildOptions, state),
    sweepBuilds: async (environmentId, { keep }) => {
      const images = state.images.get(environmentId) ?? new Set();
      state.images.set(environmentId, new Set([...images].filter((image) => keep.includes(image))));
      await state.save();
    },
    streamLogs: (request) => streamLogs(request, state),
    probe: () => Promise.reject(new Problem('engine-unavailable', 'The simulated engine has no network to probe.')),
    close: () => state.save(),
  };
}

async function apply(plan: EnvironmentPlan, state: SimulatedState, clock: Clock): Promise<void> {
  const { environmentId } = plan.place;
  const images = state.images.get(environmentId);
  const strange = plan.workloads.find(
    ({ image }) => image.startsWith('sha256:') && images?.has(ImageDigest.parse(image)) !== true,
  );
  if (strange !== undefined)
    throw new Problem('not-found', `There is no image “${strange.image}” for environment “${environmentId}”.`);
  const before = state.environments.get(environmentId);
  const after = new Map<string, SimulatedWorkload>();
  for (const { key, digest, ref } of plan.workloads) {
    const known = before?.get(key);
    const kept = known?.digest === digest ? known : undefined;
    const isHeld = plan.held.includes(key);
    const startedAt = new Date(clock.nowMs()).toISOString();
    if (isHeld && kept !== undefined) after.set(key, { ...kept, isRunning: false });
    if (!isHeld) after.set(key, kept?.isRunning === true ? kept : { key, digest, ref, startedAt, isRunning: true });
  }
  state.environments.set(environmentId, after);
  await state.save();
}

function observed({ key, digest, startedAt, isRunning }: SimulatedWorkload) {
  const ended = { state: 'exited', exitCode: 137 } as const;
  const running = { state: 'running', exitCode: null } as const;
  return { key, digest, startedAt, outOfMemory: false, ...(isRunning ? running : ended) };
}

function health(
  plan: EnvironmentPlan,
  workload: WorkloadPlan,
  { state, clock }: { readonly state: SimulatedState; readonly clock: Clock },
): HealthAnswer {
  const found = state.environments.get(plan.place.environmentId)?.get(workload.key);
  if (found?.isRunning !== true) return { healthy: false, reason: 'not running' };
  const path = workload.health.kind === 'http' ? workload.health.path : '';
  if (workload.ref.name === sentinels.failsHealth) return { healthy: false, reason: `GET ${path} answered 500` };
  const isYoung = clock.nowMs() - Date.parse(found.startedAt) < slowStartMs;
  if (workload.ref.name === sentinels.slowStart && isYoung) return { healthy: false, reason: 'Nothing listens yet' };
  return { healthy: true, reason: '' };
}

async function build(plan: BuildPlan, options: BuildOptions, state: SimulatedState): Promise<BuildResult> {
  const hash = createHash('sha256').update(plan.place.environmentId);
  let sizeBytes = 0;
  for await (const chunk of options.source) {
    if (!Buffer.isBuffer(chunk)) throw new TypeError('The source is not a stream of bytes');
    hash.update(chunk);
    sizeBytes += chunk.length;
  }
  options.onLine('Simulated: nothing is built');
  if (plan.component === sentinels.failsBuild)
    throw new Problem('build-failed', `The build of “${plan.component}” ended with exit code 1.`);
  const image = ImageDigest.parse(`sha256:${hash.digest('hex')}`);
  const images = state.images.get(plan.place.environmentId) ?? new Set();
  state.images.set(plan.place.environmentId, images.add(image));
  await state.save();
  return { image, sizeBytes };
}

async function* streamLogs(request: LogRequest, state: SimulatedState): AsyncGenerator<LogEvent> {
  const workloads = [...(state.environments.get(request.place.environmentId)?.values() ?? [])];
  const asked = workloads.filter(({ key }) => request.keys.length === 0 || request.keys.includes(key));
  for (const { ref, startedAt } of asked.slice(0, request.tailLines))
    yield { at: startedAt, ...logSource(ref), stream: 'platform', line: 'Simulated: nothing runs' };
  while (request.follow && !request.signal.aborted) await wait(60_000, request.signal);
}
