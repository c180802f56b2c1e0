import { connect, type Socket } from 'node:net';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';

import type { Mirror } from './find-mirror.ts';
import { buildProxyLimits as limits } from './limits.ts';

/**
 * Connects a caller with a mirror and passes bytes both ways, within the limits of time, silence and amount. Resolves when it is over,
 * however it ended; both sockets are closed then. `head` is what the caller sent behind its request.
 */
export async function openTunnel(caller: Socket, mirror: Mirror, head: Buffer): Promise<void> {
  const upstream = connect({ host: mirror.address, port: mirror.port, timeout: limits.connectTimeoutMs });
  const life = AbortSignal.timeout(limits.lifeMsMax);
  const end = (): void => {
    caller.destroy();
    upstream.destroy();
  };
  life.addEventListener('abort', end, { once: true });
  caller.once('close', end).once('error', end).setTimeout(limits.idleTimeoutMs, end);
  try {
    await connected(upstream);
    upstream.setTimeout(limits.idleTimeoutMs, end);
    caller.write('HTTP/1.1 200 Connection established\r\n\r\n');
    upstream.write(head);
    await Promise.all([
      pipeline(caller, atMost(limits.uploadBytesMax), upstream),
      pipeline(upstream, atMost(limits.downloadBytesMax), caller),
    ]);
  } catch {
    if (upstream.connecting || upstream.bytesWritten === 0)
      caller.end('HTTP/1.1 502 Bad Gateway\r\nconnection: close\r\n\r\n');
  } finally {
    life.removeEventListener('abort', end);
    upstream.destroy();
    caller.destroySoon();
  }
}

/** Passes everything on, and fails when it gets too much. */
export function atMost(bytesMax: number): Transform {
  let sizeBytes = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      sizeBytes += chunk.length;
      if (sizeBytes > bytesMax) done(new Error(`More than ${bytesMax} bytes`));
      else done(null, chunk);
    },
  });
}

function connected(socket: Socket): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once('connect', resolve).once('error', reject);
    socket.once('timeout', () => reject(new Error('The mirror does not answer')));
  });
}
