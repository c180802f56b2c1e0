import type { IncomingHttpHeaders } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';

import { edgeLimits } from '../limits.ts';
import type { Exchange } from './exchange.ts';
import { edgeHeaders, responseHeaders } from './response-head.ts';
import { isValidAnswer } from './websocket-handshake.ts';

/** The client's side of an upgrade: its connection, and what it sent behind its request already. */
export type UpgradeParts = { readonly socket: Socket; readonly head: Buffer };

/**
 * Answers 101 and joins both sides, if the application's answer completes the handshake; else false, and nothing was sent. What
 * the client sent early waits until here: an application that did not switch would read it as a request that nobody looked at.
 */
export function switchToTunnel(exchange: Exchange, parts: TunnelParts): boolean {
  if (!isValidAnswer(exchange.request, parts.headers)) {
    parts.upstream.destroy();
    return false;
  }
  exchange.upgraded = true;
  exchange.status = 101;
  exchange.response.detachSocket(parts.socket);
  parts.socket.write(switchingHead(exchange, parts), 'latin1');
  if (parts.head.length > 0) {
    exchange.requestBytes += parts.head.length;
    parts.upstream.write(parts.head);
  }
  join(exchange, parts);
  return true;
}

export type TunnelParts = UpgradeParts & {
  readonly upstream: Duplex;
  readonly headers: IncomingHttpHeaders;
  readonly hostname: string;
  readonly whenClosed: () => void;
};

function switchingHead(exchange: Exchange, { headers, hostname }: TunnelParts): string {
  const own = edgeHeaders(exchange.requestId, exchange.connection);
  const fields = [
    'Upgrade',
    'websocket',
    'Connection',
    'Upgrade',
    ...own,
    ...responseHeaders(headers, { status: 101, hostname }),
  ];
  const lines = fields.flatMap((name, index) => (index % 2 === 0 ? [`${name}: ${fields[index + 1] ?? ''}`] : []));
  return `HTTP/1.1 101 Switching Protocols\r\n${lines.join('\r\n')}\r\n\r\n`;
}

function join(exchange: Exchange, { socket, upstream, whenClosed }: TunnelParts): void {
  const client = socket;
  exchange.worker = { abort: () => upstream.destroy() };
  client.on('data', (chunk: Buffer) => (exchange.requestBytes += chunk.length));
  upstream.on('data', (chunk: Buffer) => (exchange.responseBytes += chunk.length));
  upstream.on('end', () => {
    exchange.lastAct = () => endSoon(client);
    exchange.end();
  });
  upstream.on('error', () => exchange.cut('upstream-reset'));
  upstream.on('close', () => exchange.cut('upstream-reset'));
  client.on('close', () => {
    upstream.destroy();
    endWith(exchange, client);
    whenClosed();
  });
  client.setTimeout(edgeLimits.tunnelIdleMsMax, () => exchange.cut('tunnel-idle'));
  client.pipe(upstream);
  upstream.pipe(client, { end: false });
}

/** A client that closed in good order has ended the tunnel; one whose connection was lost has broken it off. */
function endWith(exchange: Exchange, client: Socket): void {
  if (client.readableEnded) {
    exchange.lastAct = () => undefined;
    exchange.end();
  }
  exchange.closed();
}

/** Lets the last bytes out; a client that does not close its own side is not waited for. */
function endSoon(client: Socket): void {
  client.end();
  setTimeout(() => client.destroy(), edgeLimits.lingerMs).unref();
}
