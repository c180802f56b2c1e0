import type { WorkloadRef } from '@ringfort/contracts/agent-requests.ts';
import type { EnvironmentSpec } from '@ringfort/contracts/environment-spec.ts';
import type { DeploymentId } from '@ringfort/contracts/identifiers.ts';

/** Keys are what addresses, containers and states of workloads are kept under. They never change their form. */
export function workloadKey(ref: WorkloadRef): string {
  if (ref.kind === 'service') return `service/${ref.name}`;
  return `component/${ref.name}/${ref.releaseId ?? ''}/${ref.replica}`;
}

/** The key of a build's own workload. */
export function buildKey(buildId: DeploymentId, component: string): string {
  return `build/${buildId}/${component}`;
}

/** Whether a key is a build's. */
export function isBuildKey(key: string): boolean {
  return key.startsWith('build/');
}

/** All workloads that a specification asks for: services first, then each release's components with their replicas. */
export function listWorkloads(spec: EnvironmentSpec): readonly WorkloadRef[] {
  const services = spec.services.map(({ name }) => ({ kind: 'service' as const, name }));
  const components = spec.releases.flatMap(({ releaseId, components: all }) =>
    all.flatMap(({ name, replicas }) =>
      Array.from({ length: replicas }, (_, replica) => ({ kind: 'component' as const, name, releaseId, replica })),
    ),
  );
  return [...services, ...components];
}
