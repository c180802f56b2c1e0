import type { WorkloadRef } from '@ringfort/contracts/agent-requests.ts';
import type { EnvironmentId } from '@ringfort/contracts/identifiers.ts';
import type { Place } from '@ringfort/contracts/probe.ts';

/** An environment as controls see it: what runs there, and which services each component declares to use. */
export type SeenEnvironment = {
  readonly environmentId: EnvironmentId;
  /** `guestbook-staging`, for people. */
  readonly label: string;
  /** Made for break tests: not looked at in earnest. */
  readonly throwaway: boolean;
  readonly workloads: readonly SeenWorkload[];
};

export type SeenWorkload = {
  readonly ref: WorkloadRef;
  /** `web` or `database`: its name inside the environment. */
  readonly name: string;
  readonly kind: 'component' | 'service';
  /** The services that a component declares; empty for services. */
  readonly uses: readonly string[];
  /** The port on which it is meant to be reached. */
  readonly port: number;
};

/** The place inside a workload, for the prober. */
export function placeOf(
  environment: SeenEnvironment,
  workload: SeenWorkload,
): Extract<Place, { readonly kind: 'workload' }> {
  return { kind: 'workload', environmentId: environment.environmentId, workload: workload.ref };
}
