import { chmod, rm } from 'node:fs/promises';
import { createServer } from 'node:http';

import type { SupervisionStatus } from './supervision-status.ts';

/** Tells the state of the programs on a unix socket, to root alone. Gives a function that ends it. */
export async function serveStatus(socketPath: string, status: () => SupervisionStatus): Promise<() => Promise<void>> {
  const server = createServer((request, response) => {
    const isKnown = request.method === 'GET' && request.url === '/v1/status';
    response.writeHead(isKnown ? 200 : 404, { 'content-type': 'application/json', connection: 'close' });
    response.end(isKnown ? JSON.stringify(status()) : '{}');
  });
  await rm(socketPath, { force: true });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(socketPath, resolve);
  });
  await chmod(socketPath, 0o600);
  return () => new Promise((resolve) => server.close(() => resolve()));
}
