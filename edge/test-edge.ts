import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createServer as createHttpServer, type RequestListener } from 'node:http';
import { createServer as createNetServer, type AddressInfo, type Server as NetServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';

import { AccessLogLine } from '@ringfort/contracts/access-log-line.ts';
import type { EdgeSnapshot, Endpoint, Site } from '@ringfort/contracts/edge-snapshot.ts';
import { Hostname } from '@ringfort/contracts/names.ts';
import type { EdgeConfig } from '@ringfort/contracts/program-config.ts';
import { createLog } from '@ringfort/kit/log.ts';

import { systemEdgeClock } from './edge-clock.ts';
import { startEdge, type Edge } from './edge.ts';
import { edgeLimits, type EdgeLimits } from './limits.ts';
import { startTestControl, type TestControl } from './test-control.ts';
import { createTestAuthority, type SnapshotContent, type TestAuthority } from './test-snapshot.ts';

export const platformHostname = 'console.test';

/** An edge in this process with its own home, control and keys. It goes when its test ends. */
export type TestEdge = {
  readonly edge: Edge;
  readonly control: TestControl;
  readonly authority: TestAuthority;
  readonly config: EdgeConfig;
  /** Signs the content as the next version, gives it out and waits until it is served. */
  readonly serve: (sites: readonly Site[], endpoints: readonly Endpoint[]) => Promise<EdgeSnapshot>;
  readonly sign: (content: Omit<SnapshotContent, 'otherHostnames'>) => Promise<EdgeSnapshot>;
  /** Everything that is in the access log. */
  readonly readLog: () => Promise<readonly AccessLogLine[]>;
  /** Resolves when the edge's own log gets a line that holds this text. */
  readonly whenLogged: (text: string) => Promise<void>;
  /** Stops the edge and starts another one in the same home. */
  readonly restart: () => Promise<Edge>;
};

export async function startTestEdge(t: TestContext, options: TestEdgeOptions = {}): Promise<TestEdge> {
  const folder = await mkdtemp(join(tmpdir(), 'ringfort-edge-'));
  const authority = await createTestAuthority();
  const config = createConfig(folder, authority);
  const control = await startTestControl(config.controlSocket);
  const listening = new Set<(line: string) => void>();
  const write = (line: string): void => {
    for (const listen of listening) listen(line);
  };
  const log = createLog({ program: 'edge', clock: systemEdgeClock, write });
  const limits = { ...edgeLimits, drainMs: 100, ...options.limits };
  const start = (): Promise<Edge> =>
    startEdge(
      { config, sealingPrivateKey: authority.sealingPrivateKey },
      { log, clock: systemEdgeClock, random: () => 0, limits },
    );
  let edge = await start();
  let version = 0;
  t.after(async () => {
    await Promise.all([edge.stop(), control.close()]);
    await rm(folder, { recursive: true });
  });
  const sign = (content: SnapshotContent): Promise<EdgeSnapshot> =>
    authority.sign({ otherHostnames: [platformHostname], ...content });

  return {
    get edge() {
      return edge;
    },
    control,
    authority,
    config,
    whenLogged: (part) =>
      new Promise((resolve) => {
        const listen = (line: string): void => {
          if (!line.includes(part)) return;
          listening.delete(listen);
          resolve();
        };
        listening.add(listen);
      }),
    sign,
    serve: async (sites, endpoints) => {
      version += 1;
      const snapshot = await sign({ version, sites, endpoints });
      control.publish(snapshot);
      await control.acknowledged(version);
      return snapshot;
    },
    readLog: () => readAccessLog(join(config.home, 'logs')),
    restart: async () => {
      await edge.stop();
      edge = await start();
      return edge;
    },
  };
}

export type TestEdgeOptions = { readonly limits?: Partial<EdgeLimits> };

/** An application on a free port of this machine. */
export async function startTestApplication(t: TestContext, listener: RequestListener): Promise<number> {
  return listenUntilEnd(t, createHttpServer(listener));
}

/** An application that speaks bytes: for answers that no HTTP server would give. */
export async function startRawApplication(t: TestContext, serve: (socket: Socket) => void): Promise<number> {
  return listenUntilEnd(
    t,
    createNetServer((socket) => {
      socket.on('error', () => undefined);
      serve(socket);
    }),
  );
}

async function listenUntilEnd(t: TestContext, server: NetServer): Promise<number> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => sockets.add(socket));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  return portOf(server.address());
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === 'string') throw new Error('There is no port');
  return address.port;
}

async function readAccessLog(folder: string): Promise<readonly AccessLogLine[]> {
  const names = (await readdir(folder)).toSorted();
  const texts = await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')));
  const lines = texts.flatMap((one) => one.split('\n').filter((line) => line !== ''));
  return lines.map((line) => AccessLogLine.parse(JSON.parse(line)));
}

function createConfig(folder: string, authority: TestAuthority): EdgeConfig {
  return {
    instance: 'test',
    readyFile: join(folder, 'ready'),
    edgeId: 'edge-1',
    httpPort: 0,
    httpsPort: 0,
    listenAddresses: ['127.0.0.1'],
    home: join(folder, 'edge-1'),
    controlSocket: join(folder, 'control.sock'),
    apiSocket: join(folder, 'api.sock'),
    platformHostname: Hostname.parse(platformHostname),
    sealingPrivateKeyFile: join(folder, 'sealing-key'),
    controlKey: authority.controlKey,
    agentKey: authority.agentKey,
    network: '127.0.0.0/8',
  };
}
