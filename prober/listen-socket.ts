import { chmod, rm } from 'node:fs/promises';
import type { Server } from 'node:http';

/**
 * Listens on a unix socket in a folder that the supervisor made, so that only the caller's group gets to it. A stale socket of an earlier run is
 * removed first.
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
