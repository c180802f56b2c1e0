import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';

import { SnapshotAck } from '@ringfort/contracts/edge-snapshot.ts';

/** Control's two routes for edges on a unix socket, as far as a test needs them. */
export type TestControl = {
  /** Gives out a snapshot, whatever version the edge asks after. */
  readonly publish: (snapshot: unknown) => void;
  /** Resolves when the edge says that it serves this version. */
  readonly acknowledged: (version: number) => Promise<void>;
  readonly close: () => Promise<void>;
};

export async function startTestControl(socketPath: string): Promise<TestControl> {
  const waiting = new Map<number, () => void>();
  const acks = new Set<number>();
  let next: unknown;
  let poll: ServerResponse | undefined;

  const give = (): void => {
    if (next === undefined || poll === undefined) return;
    poll.setHeader('Content-Type', 'application/json').end(JSON.stringify(next));
    next = undefined;
    poll = undefined;
  };
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (request.url?.startsWith('/v1/snapshot?') === true) {
      poll = response;
      return give();
    }
    const ack = SnapshotAck.parse(JSON.parse(await text(request)));
    acks.add(ack.version);
    waiting.get(ack.version)?.();
    response.writeHead(204).end();
  };
  const server = createServer((request, response) => void serve(request, response));
  await listenOn(server, socketPath);

  return {
    publish: (snapshot) => {
      next = snapshot;
      give();
    },
    acknowledged: (version) =>
      new Promise((resolve) => {
        if (acks.has(version)) resolve();
        else waiting.set(version, resolve);
      }),
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

export async function listenOn(server: Server, socketPath: string): Promise<void> {
  server.listen(socketPath);
  await once(server, 'listening');
}
