import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';

import { parseHost } from './host-header.ts';
import type { Refusal } from './refusals.ts';

/** What is the same for every request of one connection, found once, and how many requests it has open. */
export class Connection {
  readonly clientAddress: string;
  readonly clientPort: number;
  readonly scheme: 'http' | 'https';
  /** The host name that the TLS handshake was for; null on plain HTTP. */
  readonly servername: string | null;
  readonly tlsVersion: string | null;
  readonly open = new Set<OpenExchange>();
  /** Set when it is unclear where the next request begins: none is taken from this connection any more. */
  isEnding = false;
  /** The forwarding fields, which are the same for each request since the host is. */
  forwarding: readonly string[] | undefined;

  constructor(socket: Socket) {
    this.clientAddress = plainAddress(socket.remoteAddress ?? '');
    this.clientPort = socket.remotePort ?? 0;
    const isTls = socket instanceof TLSSocket;
    this.scheme = isTls ? 'https' : 'http';
    this.servername = isTls ? servernameOf(socket) : null;
    this.tlsVersion = isTls ? socket.getProtocol() : null;
  }
}

/** What a connection has to know of the requests that it has open. */
export type OpenExchange = {
  readonly isOpen: boolean;
  readonly refuse: (refusal: Refusal) => void;
  readonly endConnection: () => void;
};

const connections = new WeakMap<Socket, Connection>();

/** The connection of a socket; made at its first request. */
export function connectionOf(socket: Socket): Connection {
  const known = connections.get(socket);
  if (known !== undefined) return known;
  const connection = new Connection(socket);
  connections.set(socket, connection);
  return connection;
}

/** IPv4 clients of an IPv6 listener are logged and forwarded as IPv4, link-local ones without the name of our interface. */
function plainAddress(address: string): string {
  return address.replace(/^::ffff:(?=[\d.]+$)/, '').replace(/%.*$/, '');
}

/** Empty when there was none: it equals no host, so that nothing is served. */
function servernameOf(socket: TLSSocket): string {
  const { servername } = socket;
  return typeof servername === 'string' ? (parseHost(servername) ?? '') : '';
}
