import type { ProbeAnswer, ProbeAttempt, ProbeOutcome, ProbeRequest } from '@ringfort/contracts/probe.ts';

import type { EnvironmentPlan } from '../../driver.ts';
import { driverLimits as limits } from '../../limits.ts';
import type { DriverContext } from '../context.ts';
import type { ContainerEngineOptions } from '../options.ts';
import { inParallel } from '../parallel.ts';
import type { ChildAttempt } from './child-task.ts';
import type { ForeignNetwork } from './foreign-network.ts';
import { ping } from './ping.ts';
import { findProbePlace, type ProbePlace } from './probe-place.ts';
import { runChild } from './run-child.ts';

/**
 * Does what a probe asks for, from the place where it asks for it, with the rights of a user that has none. Rejects when the place is not
 * there or an attempt could not be made; it never makes up an outcome.
 */
export async function probe(context: DriverContext, options: ProbeOptions): Promise<ProbeAnswer> {
  const { request, plans, foreign } = options;
  const { nobody } = context.options;
  const place = await findProbePlace(context, {
    place: request.action === 'attempt' ? request.from : request.at,
    plans,
    foreign,
  });
  switch (request.action) {
    case 'attempt':
      return { action: 'attempt', outcomes: await attemptAll(place, request, context.options) };
    case 'listeners':
      return runChild(place, { task: { action: 'listeners' }, nobody, lifeMs: 0 });
    case 'canary': {
      const { action, protocol, port, nonce, lifeMs } = request;
      return runChild(place, { task: { action, protocol, port, nonce, lifeMs }, nobody, lifeMs });
    }
    default:
      return request satisfies never;
  }
}

export type ProbeOptions = {
  readonly request: ProbeRequest;
  readonly plans: readonly EnvironmentPlan[];
  readonly foreign: ForeignNetwork;
};

type AttemptRequest = Extract<ProbeRequest, { readonly action: 'attempt' }>;
type Means = Pick<ContainerEngineOptions, 'nobody' | 'clock'>;

/** Echo requests go by ping, all others by one child. */
async function attemptAll(
  place: ProbePlace,
  { attempts, timeoutMs }: AttemptRequest,
  { nobody, clock }: Means,
): Promise<ProbeOutcome[]> {
  const outcomes = new Map<ProbeAttempt, ProbeOutcome>();
  const sockets = attempts.filter((attempt) => attempt.protocol !== 'icmp');
  const echoes = attempts.filter((attempt) => attempt.protocol === 'icmp');
  const bySockets = async (): Promise<void> => {
    if (sockets.length === 0) return;
    const task = {
      action: 'attempt',
      attempts: sockets.map((attempt) => childAttempt(attempt, place)),
      timeoutMs,
    } as const;
    const answer = await runChild(place, { task, nobody, lifeMs: timeoutMs });
    if (answer.action !== 'attempt' || answer.outcomes.length !== sockets.length)
      throw new Error('The probe gave no whole answer');
    for (const [index, outcome] of answer.outcomes.entries()) {
      const attempt = sockets[index];
      if (attempt !== undefined) outcomes.set(attempt, outcome);
    }
  };
  const byPing = inParallel(echoes, limits.probePingsMax, async (echo) => {
    outcomes.set(echo, await ping(place, { address: echo.address, timeoutMs, nobody, clock }));
  });
  const [failures] = await Promise.all([byPing, bySockets()]);
  if (failures.length > 0) throw new AggregateError(failures, 'Some echo requests could not be sent');
  return attempts.map((attempt) => {
    const outcome = outcomes.get(attempt);
    if (outcome === undefined) throw new Error('An attempt of the probe has no outcome');
    return outcome;
  });
}

function childAttempt(attempt: Exclude<ProbeAttempt, { readonly protocol: 'icmp' }>, place: ProbePlace): ChildAttempt {
  if (attempt.protocol !== 'dns') return attempt;
  return { protocol: 'dns', server: attempt.server ?? place.resolver, name: attempt.name };
}
