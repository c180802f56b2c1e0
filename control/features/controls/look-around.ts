import { ObservedWorkload } from '@ringfort/contracts/agent-requests.ts';
import type { EnvironmentSpec } from '@ringfort/contracts/environment-spec.ts';
import { servicePorts } from '@ringfort/contracts/runtimes.ts';
import { z } from 'zod';

import type { Database } from '../../db/database.ts';
import type { SeenEnvironment, SeenWorkload } from './seen-environment.ts';
import { listObservedSpecs, listWorkspaceIds, type ObservedSpec } from './store.ts';

const Workloads = z.array(ObservedWorkload);

/** Every environment of every workspace, with the workloads that run: what controls look from and at. */
export async function lookAround(database: Database): Promise<readonly SeenEnvironment[]> {
  const seen: SeenEnvironment[] = [];
  for (const workspaceId of await listWorkspaceIds(database))
    seen.push(...(await listObservedSpecs(database, workspaceId)).map(seenEnvironment));
  return seen;
}

/** One environment as controls see it. Workloads that do not run are left out: silence of theirs would prove nothing. */
export function seenEnvironment({ spec, workloads }: ObservedSpec): SeenEnvironment {
  const running = Workloads.parse(workloads).filter(
    (workload) => workload.state === 'healthy' || workload.state === 'unhealthy',
  );
  return {
    environmentId: spec.environmentId,
    label: `${spec.project}-${spec.environment}`,
    throwaway: spec.throwaway,
    workloads: running.flatMap((workload) => seenWorkload(spec, workload)),
  };
}

function seenWorkload(spec: EnvironmentSpec, { workload }: ObservedWorkload): readonly SeenWorkload[] {
  if (workload.kind === 'service') {
    const service = spec.services.find((candidate) => candidate.name === workload.name);
    if (service === undefined) return [];
    return [{ ref: workload, name: service.name, kind: 'service', uses: [], port: servicePorts[service.type].port }];
  }
  const release = spec.releases.find((candidate) => candidate.releaseId === workload.releaseId);
  const component = release?.components.find((candidate) => candidate.name === workload.name);
  if (component === undefined) return [];
  const uses = Object.values(component.relationships);
  return [
    { ref: workload, name: `${component.name}.${workload.replica}`, kind: 'component', uses, port: component.port },
  ];
}
