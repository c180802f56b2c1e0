import type { AgentClient } from '../../agent-client.ts';
import type { Reconciler } from '../../jobs/reconciler.ts';
import { createDeployment } from './create-deployment.ts';
import { listDeployments } from './list-deployments.ts';
import { readDeployment } from './read-deployment.ts';
import type { Rounds } from './start-rounds.ts';
import { streamDeployment } from './stream-deployment.ts';
import { streamLogs } from './stream-logs.ts';

export { startDeployments } from './start-deployments.ts';

/** The handlers of deployments and logs. */
export function deploymentHandlers(agent: AgentClient) {
  return { createDeployment, readDeployment, listDeployments, streamDeployment, streamLogs: streamLogs(agent) };
}

/** A nudge for an environment or deployment begins the next round, which looks at all of them; rounds have a timer of their own. */
export function deploymentReconcilers(rounds: Rounds): readonly Reconciler[] {
  return (['environments', 'deployments', 'edge-snapshots'] as const).map((queue) => ({
    queue,
    everyMs: 60_000,
    atOnceMax: 1,
    list: async () => [],
    reconcile: async () => rounds.wake(),
  }));
}
