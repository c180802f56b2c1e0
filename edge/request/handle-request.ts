import { ServerResponse, type IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';

import type { EdgeContext } from '../edge-context.ts';
import { edgeLimits } from '../limits.ts';
import { admitRequest, type Admitted } from './admit-request.ts';
import { connectionOf } from './connection.ts';
import { errorPage } from './error-page.ts';
import { Exchange } from './exchange.ts';
import { formatAuthority } from './forwarding-headers.ts';
import { ProxyRequest } from './proxy-request.ts';
import type { UpgradeParts } from './tunnel.ts';
import { isValidHandshake } from './websocket-handshake.ts';

/** What came in: a request, how to answer it, and for an upgrade the connection itself. */
export type Incoming = {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly expectsContinue?: boolean;
  readonly upgrade?: UpgradeParts;
};

/** Serves a request that came over TLS. */
export function handleRequest(context: EdgeContext, incoming: Incoming): void {
  const opened = openExchange(context, incoming);
  if (opened === undefined) return;
  const { exchange, admitted } = opened;
  const { upgrade } = incoming;
  if (upgrade !== undefined && !isValidHandshake(incoming.request)) return exchange.refuse('websocket-invalid');
  new ProxyRequest(context, { exchange, admitted, upgrade }).start();
}

/** Serves a request that came without TLS: it is sent to the same place over TLS, if that is here. */
export function redirectRequest(context: EdgeContext, incoming: Incoming): void {
  const opened = openExchange(context, incoming);
  if (opened === undefined) return;
  const { exchange, admitted } = opened;
  const authority = formatAuthority({ hostname: admitted.hostname, port: context.httpsPort });
  exchange.site = admitted.host.site;
  exchange.edgeReason = 'redirect';
  exchange.response.shouldKeepAlive = false;
  const location = `https://${authority}${admitted.target.originForm}`;
  exchange.begin(308, ['Location', location, 'X-Request-Id', exchange.requestId, 'Content-Length', '0']);
  exchange.end();
}

/** The response for an upgrade request, which Node leaves to whoever takes the connection. */
export function responseOnSocket(request: IncomingMessage, socket: Socket): ServerResponse {
  const response = new ServerResponse(request);
  response.shouldKeepAlive = false;
  response.assignSocket(socket);
  response.on('finish', () => socket.destroySoon());
  return response;
}

function openExchange(
  context: EdgeContext,
  incoming: Incoming,
): { readonly exchange: Exchange; readonly admitted: Admitted } | undefined {
  const { request, response } = incoming;
  if (!context.accessLog.isWritable) return refuseUnlogged(context, incoming);
  const connection = connectionOf(request.socket);
  if (connection.isEnding) return undefined;
  const exchange = new Exchange(context, { request, response, connection });
  exchange.expectsContinue = incoming.expectsContinue === true;
  const admitted = admitRequest(request, {
    table: context.serving.table,
    connection,
    bodyBytesMax: context.limits.bodyBytesMax,
  });
  exchange.understood(admitted);
  if (connection.open.size > edgeLimits.pipelinedMax) exchange.refuse('too-many-open');
  else if (admitted.refusal !== undefined) exchange.refuse(admitted.refusal);
  else return { exchange, admitted };
  return undefined;
}

/** The one answer without a line: there is nowhere to write it to. */
function refuseUnlogged(context: EdgeContext, { request, response }: Incoming): undefined {
  const page = errorPage('log-unavailable', { requestId: context.newRequestId(), accept: request.headers.accept });
  response.shouldKeepAlive = false;
  response.writeHead(page.status, [...page.headers]).end(page.body);
}
