import { randomBytes } from 'node:crypto';
import type { Server } from 'node:http';

import type { AgentConfig } from '@ringfort/contracts/program-config.ts';
import type { Driver } from '@ringfort/drivers/driver.ts';
import type { Clock } from '@ringfort/kit/clock.ts';
import type { Log } from '@ringfort/kit/log.ts';

import { openAgentKey } from './authority/agent-key.ts';
import { openAuthority } from './authority/authority.ts';
import { openPlatformCertificates } from './authority/platform-certificates.ts';
import { openBuildDesk, type BuildDesk } from './builds/build-desk.ts';
import { openEnvironments, type Environments } from './environments.ts';
import { createRequestServer, type RequestTable } from './http/create-request-server.ts';
import { closeServer, listenSocket } from './http/listen-socket.ts';
import { agentLimits as limits } from './limits.ts';
import { createPlaceObserver } from './loop/place-observer.ts';
import { createRequestTables } from './requests/request-tables.ts';
import { openEnvironmentStore } from './store/environment-store.ts';
import { openPlaceBook } from './store/place-book.ts';

/** A running agent. Closing it leaves the workloads as they are. */
export type Agent = { readonly close: () => Promise<void> };

/** Goes on with what is on disk and listens on both sockets. The driver has to be prepared. */
export async function startAgent(options: AgentOptions): Promise<Agent> {
  const { config, driver, clock, random, log } = options;
  const { home } = config;
  const { key } = await openAgentKey(home);
  const authority = await openAuthority({ home, instance: config.instance, clock });
  const platformCertificates = await openPlatformCertificates({ config, authority, clock });
  const store = await openEnvironmentStore(home);
  const places = await openPlaceBook(config);
  const builds = await openBuildDesk({ home, tools: { driver, store, config, clock, log } });
  const observe = createPlaceObserver(driver, clock);
  const tools = { config, driver, observe, store, authority, clock, random, makePassword, log };
  const environments = await openEnvironments({ places, tools, beforeRemove: builds.cancel });
  sweepBuilds(environments, builds, log);
  const tables = createRequestTables({ environments, places, builds, driver, key, platformCertificates });
  const servers = [
    await listen(tables.control, { path: config.controlSocket, log }),
    await listen(tables.prober, { path: config.proberSocket, log }),
  ];
  const renewing = setInterval(() => void platformCertificates.renew(), limits.renewEveryMs);
  return {
    close: async () => {
      clearInterval(renewing);
      await Promise.all(servers.map(closeServer));
      await builds.cancel();
      await environments.close();
      await driver.close();
    },
  };
}

export type AgentOptions = {
  readonly config: AgentConfig;
  readonly driver: Driver;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Log;
};

/** 32 characters that need no escaping anywhere. */
function makePassword(): string {
  return randomBytes(24).toString('base64url');
}

/** A sweep that fails now is made up for before the environment's next build. */
function sweepBuilds(environments: Environments, builds: BuildDesk, log: Log): void {
  for (const environment of environments.list()) {
    builds.sweep(environment).catch((error: unknown) => {
      log.warn('Builds not swept', { environmentId: environment.id, error });
    });
  }
}

async function listen(
  table: RequestTable,
  { path, log }: { readonly path: string; readonly log: Log },
): Promise<Server> {
  const server = createRequestServer(table, log);
  await listenSocket(server, path);
  return server;
}
