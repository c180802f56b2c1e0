import type { Readable } from 'node:stream';

import { EnvironmentId, type RequestId } from '@ringfort/contracts/identifiers.ts';
import { Problem } from '@ringfort/contracts/problem.ts';
import type { Route } from '@ringfort/contracts/route.ts';
import { wait } from '@ringfort/kit/wait.ts';
import type { z } from 'zod';

import type { Actor } from '../../access/actor.ts';
import type { ControlServices, RouteHandler, RouteHandlers } from '../../route-handler.ts';
import type { Sandbox } from './control.ts';
import { sandboxWorkspace } from './sandbox-workspace.ts';
import { sandboxConfig, sandboxSource } from './sandbox-application.ts';

const waitMsMax = 5 * 60_000;
const pollMs = 1_000;
const environments = ['left', 'right'] as const;

export type SandboxHandlers = Pick<
  RouteHandlers,
  | 'createProject'
  | 'deleteProject'
  | 'createEnvironment'
  | 'readEnvironment'
  | 'deleteEnvironment'
  | 'uploadSource'
  | 'createDeployment'
>;

export type SandboxOptions = {
  readonly handlers: SandboxHandlers;
  readonly services: ControlServices;
  /** With a grant in the sandbox's workspace. */
  readonly actor: Actor;
  readonly requestId: RequestId;
  /** A name that is not in use. */
  readonly project: string;
  readonly signal: AbortSignal;
};

/**
 * Deploys the sandbox's application to two throw-away environments, by the same operations that everybody uses. Yields what it is
 * doing; returns the environments once everything in them is healthy.
 */
export async function* openSandbox(options: SandboxOptions): AsyncGenerator<string, Sandbox['environmentIds']> {
  const { handlers } = options;
  await call(handlers.createProject, options, { body: { slug: options.project } });
  const { sourceDigest } = await call(handlers.uploadSource, options, { bytes: sandboxSource() });
  const ids: EnvironmentId[] = [];
  for (const slug of environments) {
    yield `making the environment “${slug}”`;
    const body = { slug, stage: 'test', throwaway: true };
    const made = await call(handlers.createEnvironment, options, { body });
    ids.push(EnvironmentId.parse(made.id));
    await call(handlers.createDeployment, options, {
      environment: slug,
      body: { sourceDigest, config: sandboxConfig(options.project) },
    });
  }
  for (const slug of environments) yield* untilHealthy(slug, options);
  const [left, right] = ids;
  if (left === undefined || right === undefined) throw new Error('The sandbox has not got its two environments');
  return [left, right];
}

/** Takes the sandbox's environments away, waits until the agent has confirmed it, then the project. */
export async function closeSandbox(options: SandboxOptions): Promise<void> {
  const { handlers } = options;
  for (const slug of environments)
    await orAbsent(call(handlers.deleteEnvironment, options, { environment: slug, query: { confirm: slug } }));
  const deadlineMs = options.services.clock.nowMs() + waitMsMax;
  while (!(await isProjectGone(options))) {
    if (options.services.clock.nowMs() > deadlineMs)
      throw new Problem('state-conflict', 'The sandbox could not be taken away in time.');
    await wait(pollMs);
  }
}

/** False while the agent has not confirmed that its environments are gone. */
async function isProjectGone(options: SandboxOptions): Promise<boolean> {
  try {
    await orAbsent(call(options.handlers.deleteProject, options, {}));
    return true;
  } catch (error) {
    if (error instanceof Problem && error.code === 'state-conflict') return false;
    throw error;
  }
}

async function* untilHealthy(environment: string, options: SandboxOptions): AsyncGenerator<string, void> {
  let told = '';
  const deadlineMs = options.services.clock.nowMs() + waitMsMax;
  while (options.services.clock.nowMs() < deadlineMs && !options.signal.aborted) {
    const status = await call(options.handlers.readEnvironment, options, { environment });
    const { deployment } = status;
    if (deployment?.state === 'succeeded' && status.workloads.every((workload) => workload.state === 'healthy')) return;
    if (deployment?.state === 'failed')
      throw new Problem('state-conflict', `The sandbox cannot be deployed: ${deployment.message}`);
    const state = `the environment “${environment}” is ${deployment?.state ?? 'waiting'}`;
    if (state !== told) yield state;
    told = state;
    await wait(pollMs, options.signal);
  }
  throw new Problem('state-conflict', `The sandbox’s environment “${environment}” did not become healthy in time.`);
}

type CallParts = {
  readonly environment?: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly bytes?: Readable;
};

/** Calls an operation as the actor, so that permission, audit event and all else are as for anybody. */
async function call<R extends Route>(
  handler: RouteHandler<R>,
  options: SandboxOptions,
  parts: CallParts,
): Promise<z.output<R['output']>> {
  const { environment, query, body, bytes } = parts;
  const params = { workspace: sandboxWorkspace, ...pathParams(handler.route, options.project, environment) };
  const answer = await handler.handle(
    {
      actor: options.actor,
      requestId: options.requestId,
      path: `break test: ${handler.route.name}`,
      params,
      query: query ?? {},
      body,
      ...(bytes === undefined ? {} : { bytes }),
      signal: options.signal,
    },
    options.services,
  );
  if (!('body' in answer)) throw new Error(`${handler.route.name} answers with a stream`);
  return asOutput(handler.route, answer.body);
}

/** The route's schema has just produced it. */
function asOutput<R extends Route>(route: R, body: unknown): z.output<R['output']> {
  return route.output.parse(body) as z.output<R['output']>;
}

function pathParams(route: Route, project: string, environment: string | undefined): Readonly<Record<string, string>> {
  return {
    ...(route.path.includes(':project') ? { project } : {}),
    ...(route.path.includes(':environment') && environment !== undefined ? { environment } : {}),
  };
}

async function orAbsent(work: Promise<unknown>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (!(error instanceof Problem && error.code === 'not-found')) throw error;
  }
}
