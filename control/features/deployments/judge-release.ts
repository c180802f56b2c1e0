import type { ObservedEnvironment, ObservedWorkload } from '@ringfort/contracts/agent-requests.ts';
import type { ReleaseId } from '@ringfort/contracts/identifiers.ts';
import type { Hostname } from '@ringfort/contracts/names.ts';

import { observedEndpoints } from '../environment-specs/observed-endpoints.ts';
import { deploymentLimits as limits } from './limits.ts';

/**
 * Whether a new release may take traffic: every replica is healthy, the agent has signed where it listens, and there is a certificate
 * for its address. Otherwise what it waits for, or why it never will.
 */
export function judgeRelease(components: readonly ExpectedComponent[], seen: SeenRelease): ReleaseVerdict {
  for (const component of components)
    for (let replica = 0; replica < component.replicas; replica += 1) {
      const verdict = judgeReplica({ name: component.name, replica }, seen);
      if (verdict.waitsFor !== undefined || verdict.failure !== undefined) return verdict;
    }
  const isServable = seen.observed?.certificates.some(({ hostname }) => hostname === seen.hostname) === true;
  return isServable ? fine : waits(`The certificate of ${seen.hostname} is being issued`);
}

export type ExpectedComponent = { readonly name: string; readonly replicas: number; readonly startSeconds: number };

export type SeenRelease = {
  readonly observed: ObservedEnvironment | undefined;
  readonly releaseId: ReleaseId | undefined;
  /** The platform's own name of the environment. */
  readonly hostname: Hostname;
};

export type ReleaseVerdict = { readonly failure: string | undefined; readonly waitsFor: string | undefined };

type Replica = { readonly name: string; readonly replica: number };

const fine: ReleaseVerdict = { failure: undefined, waitsFor: undefined };

function judgeReplica(wanted: Replica, seen: SeenRelease): ReleaseVerdict {
  const label = `${wanted.name}.${wanted.replica}`;
  const found = seen.observed?.workloads.find((observed) => isReplica(observed, wanted, seen.releaseId));
  if (found === undefined) return waits(`${label} is being made`);
  const reason = found.reason === '' ? found.state : found.reason;
  if (found.state !== 'healthy') {
    if (found.restarts < limits.restartsMax) return waits(`${label} is not healthy yet: ${reason}`);
    return {
      failure: `${label} was restarted ${found.restarts} times and is not healthy: ${reason}`,
      waitsFor: undefined,
    };
  }
  const listens = observedEndpoints(seen.observed).some(
    (endpoint) =>
      endpoint.releaseId === seen.releaseId &&
      endpoint.component === wanted.name &&
      endpoint.replica === wanted.replica,
  );
  return listens ? fine : waits(`${label} has no address yet`);
}

function isReplica({ workload }: ObservedWorkload, wanted: Replica, releaseId: ReleaseId | undefined): boolean {
  if (workload.kind !== 'component' || workload.releaseId !== releaseId) return false;
  return workload.name === wanted.name && workload.replica === wanted.replica;
}

function waits(waitsFor: string): ReleaseVerdict {
  return { failure: undefined, waitsFor };
}
