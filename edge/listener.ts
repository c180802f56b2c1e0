import { once } from 'node:events';
import { createServer as createHttpServer, type IncomingMessage, type Server, type ServerOptions } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { isIPv6, Socket } from 'node:net';
import type { Duplex } from 'node:stream';

import type { EdgeContext } from './edge-context.ts';
import type { EdgeLimits } from './limits.ts';
import { handleClientError } from './request/handle-client-error.ts';
import { handleRequest, redirectRequest, responseOnSocket, type Incoming } from './request/handle-request.ts';
import { asksForWebSocket } from './request/websocket-handshake.ts';
import { parseHost } from './request/host-header.ts';
import { tlsParameters } from './tls-parameters.ts';

/** The server that sends everybody to HTTPS. */
export function createRedirectListener(context: EdgeContext): Server {
  const server = createHttpServer({ ...httpOptions(context.limits), shouldUpgradeCallback: () => false });
  return attach(server, context, redirectRequest);
}

/**
 * The HTTPS server. It has no certificate of its own: a handshake for a host name that the snapshot has no certificate for, or for
 * none, fails.
 */
export function createTlsListener(context: EdgeContext): Server {
  const server = createHttpsServer({
    ...httpOptions(context.limits),
    ...tlsParameters,
    shouldUpgradeCallback: asksForWebSocket,
    ALPNProtocols: ['http/1.1'],
    handshakeTimeout: context.limits.handshakeTimeoutMs,
    SNICallback: (servername, callback) => {
      const hostname = parseHost(servername) ?? '';
      callback(null, context.serving.certificates.get(hostname)?.context);
    },
  });
  server.on('tlsClientError', (_error, socket) => socket.destroy());
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const client = takeOver(socket);
    const response = responseOnSocket(request, client);
    handleRequest(context, { request, response, upgrade: { socket: client, head } });
  });
  return attach(server, context, handleRequest);
}

/** Listens on each address; several processes share each port, and the kernel deals out the connections. Gives the port. */
export async function listen(
  server: Server,
  place: { readonly address: string; readonly port: number },
): Promise<number> {
  server.listen({
    host: place.address,
    port: place.port,
    reusePort: true,
    ipv6Only: isIPv6(place.address),
    backlog: 1_024,
  });
  await once(server, 'listening');
  const bound = server.address();
  if (bound === null || typeof bound === 'string') throw new Error('The server listens on no port');
  return bound.port;
}

function httpOptions(limits: EdgeLimits): ServerOptions {
  return {
    insecureHTTPParser: false,
    maxHeaderSize: limits.headBytesMax,
    headersTimeout: limits.headTimeoutMs,
    requestTimeout: limits.requestTimeoutMs,
    keepAliveTimeout: limits.keepAliveTimeoutMs,
    connectionsCheckingInterval: limits.timeoutCheckIntervalMs,
    // Missing and repeated hosts are refused by us, with a line in the log.
    requireHostHeader: false,
    optimizeEmptyRequests: true,
    noDelay: true,
    // Finds clients that vanished while an application has nothing to say to them.
    keepAlive: true,
    keepAliveInitialDelay: limits.keepAliveTimeoutMs,
  };
}

type Handle = (context: EdgeContext, incoming: Incoming) => void;

function attach(server: Server, context: EdgeContext, handle: Handle): Server {
  server.maxConnections = context.limits.connectionsMax;
  // One more than allowed, so that too many are seen and refused instead of cut off.
  server.maxHeadersCount = context.limits.headersMax + 1;
  server.on('request', (request, response) => handle(context, { request, response }));
  server.on('checkContinue', (request, response) => handle(context, { request, response, expectsContinue: true }));
  server.on('connect', (request: IncomingMessage, socket: Duplex) => {
    handle(context, { request, response: responseOnSocket(request, takeOver(socket)) });
  });
  server.on('clientError', (error, socket) => {
    handleClientError(context, error, takeOver(socket));
  });
  return server;
}

/** A connection that Node's server gives up: from here on its errors are ours to hear. Behind these servers there are only sockets. */
function takeOver(socket: Duplex): Socket {
  if (!(socket instanceof Socket)) throw new TypeError('The connection is not a socket');
  socket.on('error', () => socket.destroy());
  return socket;
}
