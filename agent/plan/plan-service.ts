import type { ServiceSpec } from '@ringfort/contracts/environment-spec.ts';
import { servicePorts } from '@ringfort/contracts/runtimes.ts';
import type { WorkloadPlan } from '@ringfort/drivers/driver.ts';

import { agentLimits as limits } from '../limits.ts';
import { mysqlInit } from './mysql-init.ts';
import type { PlanInput } from './plan-input.ts';
import { workloadDigest } from './workload-digest.ts';
import { listWorkloads, workloadKey } from './workload-key.ts';

/** A managed service: reached by the components that declare it, reaching nothing, its data on a volume of its own. */
export function planService(service: ServiceSpec, input: PlanInput): WorkloadPlan {
  const ref = { kind: 'service' as const, name: service.name };
  const key = workloadKey(ref);
  const { port } = servicePorts[service.type];
  const users = input.credentials.services[service.name] ?? { users: [], retired: [] };
  const plan = {
    key,
    ref,
    aliases: [service.name],
    address: input.addressOf(key),
    image: input.images[service.type],
    command: ['/usr/local/bin/ringfort-mysql'],
    workingDirectory: '/',
    variables: {},
    user: { uid: 999, gid: 999 },
    mounts: [
      { kind: 'volume' as const, name: service.name, at: '/var/lib/mysql', sizeMiB: service.diskMiB },
      { kind: 'tmpfs' as const, at: '/run/mysqld', sizeMiB: 8 },
      { kind: 'tmpfs' as const, at: '/tmp', sizeMiB: limits.temporaryMiB },
      { kind: 'file' as const, name: 'init.sql', at: '/run/ringfort/init.sql', content: mysqlInit(users) },
    ],
    limits: {
      memoryBytesMax: service.memoryMiB * 1024 * 1024,
      cpuMax: limits.serviceCpuMax,
      processesMax: limits.serviceProcessesMax,
      openFilesMax: limits.openFilesMax,
    },
    network: {
      accept: [{ port, from: callers(service, input) }],
      connect: [],
      egress: 'none' as const,
      resolver: false,
    },
    health: { kind: 'mysql' as const, port, startSeconds: limits.serviceStartSeconds },
  };
  return { ...plan, digest: workloadDigest(plan) };
}

/** The addresses of all replicas, of every release, whose component declares a relationship to the service. */
function callers(service: ServiceSpec, { spec, addressOf }: PlanInput): readonly string[] {
  const declares = spec.releases.flatMap(({ releaseId, components }) =>
    components
      .filter(({ relationships }) => Object.values(relationships).includes(service.name))
      .map(({ name }) => `${releaseId}/${name}`),
  );
  return listWorkloads(spec)
    .filter((ref) => ref.kind === 'component' && declares.includes(`${ref.releaseId}/${ref.name}`))
    .map((ref) => addressOf(workloadKey(ref)));
}
