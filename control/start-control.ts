import { join } from 'node:path';

import type { ControlConfig } from '@ringfort/contracts/program-config.ts';
import { parsePublicKey } from '@ringfort/contracts/signed.ts';
import type { Clock } from '@ringfort/kit/clock.ts';
import type { Log } from '@ringfort/kit/log.ts';

import { createAgentClient } from './agent-client.ts';
import { openDatabase, type Database } from './db/database.ts';
import { controlHandlers, InjectorClient, ProberClient, watchControls } from './features/controls/index.ts';
import { deploymentReconcilers, startDeployments } from './features/deployments/index.ts';
import { createResolveTxt } from './features/domains/dns-txt.ts';
import { forgetIdempotencyKeys } from './features/platform/forget-idempotency-keys.ts';
import { createSourceBlobs, sourceReconciler } from './features/sources/index.ts';
import { listenSocket } from './http/listen-socket.ts';
import { serveRoutes } from './http/serve-routes.ts';
import { createNudge } from './jobs/nudge.ts';
import { openBoss } from './jobs/open-boss.ts';
import { workReconcilers } from './jobs/work-reconcilers.ts';
import { platformHandlers } from './platform-handlers.ts';
import type { RouteHandlers } from './route-handler.ts';

export type ControlOptions = {
  readonly config: ControlConfig;
  readonly clock: Clock;
  readonly newId: () => string;
  readonly random: () => number;
  readonly log: Log;
  readonly version: string;
};

/** Wires everything together: the databases, the other programs, the reconcilers, the API. `close` ends all of it. */
export async function startControl(options: ControlOptions): Promise<{ readonly close: () => Promise<void> }> {
  const { config, clock, newId, log } = options;
  const stopping = new AbortController();
  const live = openPair(config.database, log);
  const throwaway = openPair(config.throwawayDatabase, log);
  const agent = createAgentClient({ socketPath: config.agentSocket });
  const prober = new ProberClient({ socket: config.proberSocket, key: parsePublicKey(config.proberKey) });
  const injector = new InjectorClient({ socket: config.injectorSocket });
  const blobs = createSourceBlobs({ folder: join(config.home, 'blobs') });
  const boss = openBoss({ connectionString: config.database.reconciler, log });
  const database = live.reconciler;
  const deployments = await startDeployments({ ...options, database, agent, blobs });
  const reconcilers = [
    ...deploymentReconcilers(deployments.rounds),
    sourceReconciler({ database, blobs, clock }),
    forgetIdempotencyKeys(database),
  ];
  const working = workReconcilers({ boss, claims: database, reconcilers, log, signal: stopping.signal });
  const environment = { live, throwaway, prober, clock, newId };
  const watching = watchControls(environment, { log, signal: stopping.signal });
  const services = { database: live.runtime, clock, newId, nudge: createNudge(boss) };
  const resolveTxt = createResolveTxt(config.dnsServers);
  const handlers = platformHandlers({ config, agent, blobs, resolveTxt, version: options.version });
  const all: RouteHandlers = { ...handlers, ...controlHandlers({ environment, injector, handlers, services }) };
  const app = serveRoutes(all, { ...services, log, stopping: stopping.signal });
  await app.ready();
  await listenSocket(app.server, config.apiSocket);
  return {
    close: async () => {
      stopping.abort();
      await Promise.all([app.close(), deployments.close(), working, watching]);
      await Promise.all([agent.close(), prober.close(), injector.close()]);
      await Promise.all([live, throwaway].flatMap((pair) => [pair.runtime.close(), pair.reconciler.close()]));
    },
  };
}

type Pair = { readonly runtime: Database; readonly reconciler: Database };

/** Opens a database as both roles. It connects when first used. */
function openPair(connections: { readonly runtime: string; readonly reconciler: string }, log: Log): Pair {
  const open = (role: keyof Pair): Database =>
    openDatabase({
      connectionString: connections[role],
      applicationName: `ringfort-control-${role}`,
      onError: (error) => log.warn('An idle connection to the database broke', { role, error }),
    });
  return { runtime: open('runtime'), reconciler: open('reconciler') };
}
