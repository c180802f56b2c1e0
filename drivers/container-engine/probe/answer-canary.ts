import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';

import type { ChildTask } from './child-task.ts';

type Canary = Extract<ChildTask, { readonly action: 'canary' }>;

/**
 * Listens and answers every connection or datagram with the nonce until its life is over; then the process ends. Resolves when it
 * listens, or with false when it cannot.
 */
export function answerCanary(canary: Canary): Promise<boolean> {
  setTimeout(() => process.exit(0), canary.lifeMs);
  return canary.protocol === 'tcp' ? overTcp(canary) : overUdp(canary);
}

function overTcp({ port, nonce }: Canary): Promise<boolean> {
  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy());
    socket.end(nonce);
  });
  server.maxConnections = 256;
  return new Promise((resolve) => {
    server.once('error', () => giveUp(resolve));
    server.listen({ port, host: '::', ipv6Only: false }, () => resolve(true)).once('error', () => undefined);
  });
}

function overUdp({ port, nonce }: Canary): Promise<boolean> {
  const socket = createSocket({ type: 'udp6', ipv6Only: false });
  socket.on('message', (_, { port: callerPort, address }) => socket.send(nonce, callerPort, address));
  return new Promise((resolve) => {
    socket.once('error', () => giveUp(resolve));
    socket.bind(port, () => resolve(true));
  });
}

function giveUp(resolve: (listening: boolean) => void): void {
  resolve(false);
  setImmediate(() => process.exit(0));
}
