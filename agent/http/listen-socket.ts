import { chmod, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import type { Server } from 'node:http';

/** Throws when a program answers on the socket already: two agents over one home would undo each other's work. */
export async function refuseSecond(path: string): Promise<void> {
  if (await isAnswered(path)) throw new Error(`Another program answers on ${path}. Stop it first.`);
}

/**
 * Listens on a unix socket whose folder the supervisor made, so that only the caller's group gets to it. A stale file is removed first.
 */
export async function listenSocket(server: Server, path: string): Promise<void> {
  await rm(path, { force: true });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, () => {
      server.off('error', reject);
      resolve();
    });
  });
  await chmod(path, 0o660);
}

/** Takes no new requests and cuts those that are under way. */
export async function closeServer(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => void server.close(() => resolve()));
  server.closeAllConnections();
  await closed;
}

function isAnswered(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    const finish = (answer: boolean) => () => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', finish(true)).once('error', finish(false));
  });
}
