import { chmod, rm } from 'node:fs/promises';
import type { Server } from 'node:http';

/**
 * Listens on a unix socket. The supervisor made its folder so that only the one who may call gets to it; a file that is left from before
 * goes first.
 */
export async function listenSocket(server: Server, socketPath: string): Promise<void> {
  await rm(socketPath, { force: true });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(socketPath, resolve);
  });
  await chmod(socketPath, 0o660);
}
