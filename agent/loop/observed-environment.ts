import type { KeyObject } from 'node:crypto';

import type { ObservedEnvironment, ObservedWorkload } from '@ringfort/contracts/agent-requests.ts';
import type { Endpoint } from '@ringfort/contracts/edge-snapshot.ts';
import { signJson, type Signed } from '@ringfort/contracts/signed.ts';
import type { WorkloadPlan } from '@ringfort/drivers/driver.ts';

import type { Environment } from './environment.ts';

/** What control is told of an environment, from memory: how far it is, how its workloads fare, where the running ones listen. */
export function observedEnvironment(environment: Environment, key: KeyObject): ObservedEnvironment {
  const workloads = environment.plan?.workloads ?? [];
  const running = workloads.filter((plan) => environment.statuses.get(plan.key)?.isRunning === true);
  return {
    environmentId: environment.id,
    generation: environment.spec.generation,
    appliedGeneration: environment.appliedGeneration,
    message: environment.message,
    workloads: workloads.map((plan) => observedWorkload(plan, environment)),
    endpoints: running.flatMap((plan) => signEndpoint(plan, environment, key)),
    certificates: environment.certificates.certificates.map(({ certificate }) => certificate),
  };
}

function observedWorkload({ key, ref }: WorkloadPlan, { statuses }: Environment): ObservedWorkload {
  const status = statuses.get(key);
  return {
    workload: ref,
    state: status?.state ?? 'starting',
    reason: status?.reason ?? 'not started yet',
    restarts: status?.restarts ?? 0,
    startedAt: status?.startedAt ?? null,
  };
}

/** Ed25519 is deterministic: the same endpoint gives the same signature, and a snapshot does not change for nothing. */
function signEndpoint({ ref, address, network }: WorkloadPlan, { id }: Environment, key: KeyObject): readonly Signed[] {
  if (ref.kind !== 'component' || ref.releaseId === undefined) return [];
  const { releaseId, replica, name: component } = ref;
  const ports = network.accept.filter(({ from }) => from === 'edge').map(({ port }) => port);
  const endpoint = (port: number): Endpoint => ({ environmentId: id, releaseId, component, replica, address, port });
  return ports.map((port) => signJson(endpoint(port), { purpose: 'endpoint', key }));
}
