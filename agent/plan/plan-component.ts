import type { ComponentSpec } from '@ringfort/contracts/environment-spec.ts';
import type { ReleaseId } from '@ringfort/contracts/identifiers.ts';
import { servicePorts } from '@ringfort/contracts/runtimes.ts';
import type { WorkloadPlan } from '@ringfort/drivers/driver.ts';

import { agentLimits as limits } from '../limits.ts';
import type { PlanInput } from './plan-input.ts';
import { relationshipVariables } from './relationship-variables.ts';
import { workloadDigest } from './workload-digest.ts';
import { workloadKey } from './workload-key.ts';

/** One replica of an application: reached by the edge alone, reaching the services it declares and what egress allows. */
export function planComponent(component: ComponentSpec, replica: Replica, input: PlanInput): WorkloadPlan {
  const ref = { kind: 'component' as const, name: component.name, ...replica };
  const key = workloadKey(ref);
  const plan = {
    key,
    ref,
    aliases: [component.name],
    address: input.addressOf(key),
    image: component.image,
    command: ['/bin/sh', '-c', component.start],
    workingDirectory: '/app',
    variables: variables(component, replica, input),
    user: { uid: 1_000, gid: 1_000 },
    mounts: [{ kind: 'tmpfs' as const, at: '/tmp', sizeMiB: limits.temporaryMiB }],
    limits: {
      memoryBytesMax: component.memoryMiB * 1024 * 1024,
      cpuMax: limits.componentCpuMax,
      processesMax: limits.componentProcessesMax,
      openFilesMax: limits.openFilesMax,
    },
    network: {
      accept: [{ port: component.port, from: 'edge' as const }],
      connect: connections(component, input),
      egress: input.spec.egress.mode === 'open' ? ('open' as const) : input.spec.egress.rules,
      // With restricted egress names would carry data out; what it may reach is given as addresses, siblings by /etc/hosts.
      resolver: input.spec.egress.mode === 'open',
    },
    health: { kind: 'http' as const, port: component.port, ...component.health },
  };
  return { ...plan, digest: workloadDigest(plan) };
}

export type Replica = { readonly releaseId: ReleaseId; readonly replica: number };

/** The platform's own come last, so that an application's variables cannot replace them. */
function variables(component: ComponentSpec, { releaseId }: Replica, { spec, credentials }: PlanInput): Variables {
  return {
    NODE_ENV: 'production',
    HOME: '/tmp',
    ...component.variables,
    PORT: String(component.port),
    RINGFORT_PROJECT: spec.project,
    RINGFORT_ENVIRONMENT: spec.environment,
    RINGFORT_RELEASE: releaseId,
    ...relationshipVariables(component, spec, credentials),
  };
}

type Variables = Readonly<Record<string, string>>;

function connections(component: ComponentSpec, { spec, addressOf }: PlanInput): WorkloadPlan['network']['connect'] {
  const services = new Set(Object.values(component.relationships));
  return spec.services
    .filter(({ name }) => services.has(name))
    .map(({ name, type }) => ({
      address: addressOf(workloadKey({ kind: 'service', name })),
      port: servicePorts[type].port,
    }));
}
