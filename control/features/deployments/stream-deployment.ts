import { api } from '@ringfort/contracts/api/api.ts';
import type { DeploymentEvent } from '@ringfort/contracts/api/deployments.ts';
import type { DeploymentId, EnvironmentId } from '@ringfort/contracts/identifiers.ts';
import { wait } from '@ringfort/kit/wait.ts';

import { streamQuery } from '../../query.ts';
import type { RequestContext } from '../../route-handler.ts';
import { getEnvironment } from '../environments/store.ts';
import { deploymentLimits as limits } from './limits.ts';
import { getDeployment, listEvents } from './store.ts';

/** Tells what a deployment told so far, and with `follow` what it tells until it has ended. */
export const streamDeployment = streamQuery(api.streamDeployment, {
  open: async (context) => {
    const { input, workspaceId, read } = context;
    const environment = await read((tx) => getEnvironment(tx, { workspaceId, ...input.params }));
    await read((tx) => getDeployment(tx, environment.id, input.params.deployment));
    return follow(context, environment.id, input.params.deployment);
  },
});

type Context = RequestContext<typeof api.streamDeployment>;

async function* follow(
  { read, input, signal }: Context,
  environmentId: EnvironmentId,
  id: DeploymentId,
): AsyncGenerator<DeploymentEvent> {
  let sequence = 0;
  while (!signal.aborted) {
    // The end is looked up first: whatever was told before it is then read below.
    const { isEnded, rows } = await read(async (tx) => {
      const deployment = await getDeployment(tx, environmentId, id);
      const after = { sequence, limit: limits.eventPageMax };
      return { isEnded: deployment.finished_at !== null, rows: await listEvents(tx, id, after) };
    });
    for (const row of rows) yield { at: row.at.toISOString(), state: row.state, line: row.line };
    sequence = rows.at(-1)?.sequence ?? sequence;
    if (rows.length === limits.eventPageMax) continue;
    if (isEnded || !input.query.follow) return;
    await wait(limits.followEveryMs, signal);
  }
}
