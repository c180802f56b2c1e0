import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

import type { Log } from '@ringfort/kit/log.ts';

import { findMirror, publicMirrors, type MirrorRules, type Refusal } from './find-mirror.ts';
import { forwardRequest } from './forward-request.ts';
import { buildProxyLimits as limits } from './limits.ts';
import { openTunnel } from './open-tunnel.ts';
import { parseAbsoluteForm, parseAuthority, type Target } from './parse-target.ts';
import { isInNetwork } from './public-address.ts';

/**
 * The only way out of a build: an HTTP proxy to the package mirrors of a list and nothing else. Names are resolved here, so a build needs
 * no resolver; TLS stays between the build and the mirror.
 */
export function createBuildProxy(options: BuildProxyOptions): Server {
  const rules: MirrorRules = { ...publicMirrors, ...options };
  const callers = new Map<string, number>();
  const { headerBytesMax: maxHeaderSize, headersTimeoutMs: headersTimeout } = limits;
  const server = createServer({ maxHeaderSize, headersTimeout, requestTimeout: limits.lifeMsMax });
  server.maxConnections = limits.connectionsMax;
  server.on('connection', (socket: Socket) => admit(socket, callers, rules));
  server.on('connect', (message: IncomingMessage, socket: Socket, head: Buffer) => {
    void tunnel(message, socket, { rules, head, log: options.log });
  });
  server.on('request', (message: IncomingMessage, response: ServerResponse) => {
    void forward(message, response, { rules, log: options.log });
  });
  return server;
}

/** `isPortAllowed` and `isAddressAllowed` replace the production rules in tests alone, whose mirrors listen on the loopback. */
export type BuildProxyOptions = Pick<MirrorRules, 'mirrors' | 'network'> &
  Partial<MirrorRules> & {
    readonly log: Log;
  };

type Context = { readonly rules: MirrorRules; readonly log: Log };

/** Only the instance's own workloads may ask, and none may take all connections. */
function admit(socket: Socket, callers: Map<string, number>, rules: MirrorRules): void {
  const caller = socket.remoteAddress ?? '';
  const count = callers.get(caller) ?? 0;
  const isOwn = isInNetwork(caller, rules.network);
  if (!isOwn || count >= limits.connectionsPerCallerMax) return void socket.destroy();
  callers.set(caller, count + 1);
  socket.on('error', () => socket.destroy());
  socket.once('close', () => {
    const left = (callers.get(caller) ?? 1) - 1;
    if (left === 0) callers.delete(caller);
    else callers.set(caller, left);
  });
}

async function tunnel(
  message: IncomingMessage,
  socket: Socket,
  context: Context & { readonly head: Buffer },
): Promise<void> {
  const found = await find(parseAuthority(message.url ?? ''), message, context);
  if ('reason' in found) {
    const body = `${found.reason}\n`;
    const fields = `content-type: text/plain; charset=utf-8\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close`;
    socket.end(`HTTP/1.1 ${found.status} Refused\r\n${fields}\r\n\r\n${body}`);
    return;
  }
  await openTunnel(socket, found, context.head);
}

async function forward(message: IncomingMessage, response: ServerResponse, context: Context): Promise<void> {
  const target =
    message.method === 'GET' || message.method === 'HEAD' ? parseAbsoluteForm(message.url ?? '') : undefined;
  const found = await find(target, message, context);
  message.resume();
  if ('reason' in found || target === undefined) {
    const { status, reason } = 'reason' in found ? found : notATarget;
    response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' }).end(`${reason}\n`);
    return;
  }
  try {
    await forwardRequest(message, response, { mirror: found, path: target.path });
  } catch {
    if (response.headersSent) response.destroy();
    else response.writeHead(502, { 'content-type': 'text/plain' }).end('The mirror does not answer.\n');
  }
}

async function find(
  target: Target | undefined,
  message: IncomingMessage,
  { rules, log }: Context,
): ReturnType<typeof findMirror> {
  const found = target === undefined ? notATarget : await findMirror(target, rules);
  const from = message.socket.remoteAddress;
  if ('reason' in found) log.info('Refused', { from, method: message.method, reason: found.reason });
  else log.debug('Connected', { from, host: found.host, port: found.port, address: found.address });
  return found;
}

const notATarget: Refusal = {
  status: 403,
  reason: 'This proxy fetches from package mirrors only: CONNECT, or GET of an http address',
};
