import type { StreamLogsRequest } from '@ringfort/contracts/agent-requests.ts';
import { api } from '@ringfort/contracts/api/api.ts';
import type { EnvironmentId } from '@ringfort/contracts/identifiers.ts';
import { ComponentName, ServiceName } from '@ringfort/contracts/names.ts';
import { Problem } from '@ringfort/contracts/problem.ts';

import type { AgentClient } from '../../agent-client.ts';
import type { Transaction } from '../../db/transaction.ts';
import { streamQuery } from '../../query.ts';
import type { RouteHandler } from '../../route-handler.ts';
import { findObservation, getEnvironment } from '../environments/store.ts';
import { findInService } from '../releases/store.ts';

/** Passes on what the agent reads of an environment's workloads. Control keeps none of it. */
export function streamLogs(agent: AgentClient): RouteHandler<typeof api.streamLogs> {
  return streamQuery(api.streamLogs, {
    open: async ({ input, workspaceId, read, signal }) => {
      const { component, tailLines, follow } = input.query;
      const request = await read(async (tx): Promise<StreamLogsRequest> => {
        const { id: environmentId } = await getEnvironment(tx, { workspaceId, ...input.params });
        const workload = component === undefined ? {} : { workload: await getWorkload(tx, environmentId, component) };
        return { environmentId, tailLines, follow, ...workload };
      });
      // An application may be silent for long; that the agent is away is told by a status, before any line.
      await agent.observe();
      return agent.streamLogs(request, { signal });
    },
  });
}

async function getWorkload(
  tx: Transaction,
  environmentId: EnvironmentId,
  name: string,
): Promise<StreamLogsRequest['workload']> {
  const { services, releaseId } = await findInService(tx, environmentId);
  if (services.some((service) => service.name === name)) return { kind: 'service', name: ServiceName.parse(name) };
  const observed = await findObservation(tx, environmentId);
  const isKnown = (observed?.workloads ?? []).some(({ workload }) => workload.name === name);
  if (!isKnown) throw new Problem('not-found', `Nothing called “${name}” runs in this environment.`);
  return {
    kind: 'component',
    name: ComponentName.parse(name),
    replica: 0,
    ...(releaseId === null ? {} : { releaseId }),
  };
}
