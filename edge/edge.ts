import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import type { Server } from 'node:http';
import { join } from 'node:path';

import type { EdgeConfig } from '@ringfort/contracts/program-config.ts';
import type { Log } from '@ringfort/kit/log.ts';
import { wait } from '@ringfort/kit/wait.ts';

import type { EdgeSettings } from './config.ts';
import type { EdgeClock } from './edge-clock.ts';
import type { EdgeContext } from './edge-context.ts';
import { edgeLimits, type EdgeLimits } from './limits.ts';
import { createRedirectListener, createTlsListener, listen } from './listener.ts';
import { AccessLog } from './log/access-log.ts';
import { createRequestIds } from './request/request-ids.ts';
import { watchStalls } from './request/watch-stalls.ts';
import { Serving } from './snapshot/serving.ts';
import { followSnapshots } from './snapshot/snapshot-client.ts';
import { createSnapshotIntake } from './snapshot/snapshot-intake.ts';
import { createSnapshotStore } from './snapshot/snapshot-store.ts';

/** A running edge. */
export type Edge = {
  /** The ports of the first address; they differ from the configured ones only where those are 0. */
  readonly httpPort: number;
  readonly httpsPort: number;
  /** The version of the snapshot that is served; 0 for none yet. */
  readonly version: () => number;
  /** Takes no more connections, lets open requests end for a few seconds, then ends them. */
  readonly stop: () => Promise<void>;
};

/** Serves from the snapshot on disk as soon as it listens, and from control's newer ones as they come. */
export async function startEdge({ config, sealingPrivateKey }: EdgeSettings, options: EdgeOptions): Promise<Edge> {
  const { log } = options;
  await mkdir(config.home, { recursive: true, mode: 0o700 });
  const serving = new Serving(config, log);
  const store = createSnapshotStore(config.home);
  const intake = createSnapshotIntake({ config, sealingPrivateKey, serving, store, log });
  await intake.restore();

  const context = createContext(config, { ...options, serving });
  const listeners = await startListeners(context, config);
  context.httpsPort = listeners.httpsPort;
  const stopWatching = watchStalls(context);
  const stopping = new AbortController();
  const following = followSnapshots({
    socketPath: config.controlSocket,
    edgeId: config.edgeId,
    stop: stopping.signal,
    version: () => serving.version,
    accept: intake.accept,
    random: options.random,
    log,
  });

  const stop = async (): Promise<void> => {
    stopping.abort();
    stopWatching();
    await drain(listeners.servers, context);
    await following;
    await serving.destroy();
    context.accessLog.close();
  };
  return { httpPort: listeners.httpPort, httpsPort: listeners.httpsPort, version: () => serving.version, stop };
}

export type EdgeOptions = {
  readonly log: Log;
  readonly clock: EdgeClock;
  readonly random: () => number;
  readonly limits?: EdgeLimits;
};

/** The port is known for sure only once the edge listens on it. */
type StartingContext = Omit<EdgeContext, 'httpsPort'> & { httpsPort: number };

function createContext(config: EdgeConfig, options: EdgeOptions & { readonly serving: Serving }): StartingContext {
  const { log, clock, serving } = options;
  return {
    edgeId: config.edgeId,
    httpsPort: config.httpsPort,
    limits: options.limits ?? edgeLimits,
    serving,
    accessLog: new AccessLog({ folder: join(config.home, 'logs'), clock, log }),
    open: new Set(),
    newRequestId: createRequestIds(clock),
    clock,
    log,
  };
}

const closeMs = 200;

type Listeners = { readonly servers: readonly Server[]; readonly httpPort: number; readonly httpsPort: number };

/** Every address gets both ports; where a port is 0, the other addresses take the one that the first was given. */
async function startListeners(context: EdgeContext, config: EdgeConfig): Promise<Listeners> {
  const servers: Server[] = [];
  let { httpPort, httpsPort } = config;
  for (const address of config.listenAddresses) {
    const http = createRedirectListener(context);
    const https = createTlsListener(context);
    servers.push(http, https);
    httpPort = await listen(http, { address, port: httpPort });
    httpsPort = await listen(https, { address, port: httpsPort });
  }
  return { servers, httpPort, httpsPort };
}

async function drain(servers: readonly Server[], { open, clock, limits }: EdgeContext): Promise<void> {
  const closed = Promise.all(servers.map((server) => once(server, 'close')));
  for (const server of servers) server.close();
  const untilMs = clock.monotonicMs() + limits.drainMs;
  while (open.size > 0 && clock.monotonicMs() < untilMs) {
    await wait(20);
    for (const server of servers) server.closeIdleConnections();
  }
  for (const exchange of open) exchange.cut('edge-stopped');
  await wait(0);
  for (const exchange of open) exchange.request.socket.destroy();
  for (const server of servers) server.closeAllConnections();
  // A connection that never finished its handshake belongs to no server yet; it ends with the process.
  await Promise.race([closed, wait(closeMs)]);
}
