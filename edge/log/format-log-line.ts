import type { IncomingMessage } from 'node:http';

import type { AccessLogLine } from '@ringfort/contracts/access-log-line.ts';
import type { Site } from '@ringfort/contracts/edge-snapshot.ts';

import { edgeLimits } from '../limits.ts';
import type { Connection } from '../request/connection.ts';

/** The line of the access log for a request, as it is at this moment. JSON escapes control characters; lengths are bounded here. */
export function formatLogLine(
  exchange: LoggedExchange,
  options: { readonly edgeId: string; readonly nowMs: number },
): string {
  const { request, connection, site } = exchange;
  const { headers } = request;
  const line: Line = {
    v: 1,
    at: new Date(exchange.atMs).toISOString(),
    requestId: exchange.requestId,
    edge: options.edgeId,
    workspaceId: site?.workspaceId ?? null,
    environmentId: site?.environmentId ?? null,
    releaseId: site?.releaseId ?? null,
    component: exchange.component,
    clientAddress: connection.clientAddress,
    clientPort: connection.clientPort,
    scheme: connection.scheme,
    httpVersion: request.httpVersion,
    method: bound(request.method ?? '', edgeLimits.loggedMethodCharactersMax),
    host: bound(exchange.hostname, edgeLimits.loggedHostCharactersMax),
    path: bound(exchange.path, edgeLimits.loggedPathCharactersMax),
    query: bound(exchange.query, edgeLimits.loggedQueryCharactersMax),
    status: exchange.status,
    edgeReason: exchange.edgeReason,
    requestBytes: exchange.requestBytes,
    responseBytes: exchange.responseBytes,
    durationMs: roundMs(options.nowMs - exchange.startedMs),
    upstreamMs: exchange.upstreamMs === null ? null : roundMs(exchange.upstreamMs),
    upgraded: exchange.upgraded,
    tlsVersion: connection.tlsVersion,
    userAgent: bound(headers['user-agent'] ?? '', edgeLimits.loggedFieldCharactersMax),
    referer: bound(headers.referer ?? '', edgeLimits.loggedFieldCharactersMax),
  };
  return JSON.stringify(line);
}

/** What the log says of an exchange. */
export type LoggedExchange = {
  readonly requestId: string;
  readonly atMs: number;
  readonly startedMs: number;
  readonly request: IncomingMessage;
  readonly connection: Connection;
  readonly hostname: string;
  readonly path: string;
  readonly query: string;
  readonly site: Site | null;
  readonly component: string | null;
  readonly status: number;
  readonly edgeReason: string | null;
  readonly requestBytes: number;
  readonly responseBytes: number;
  readonly upstreamMs: number | null;
  readonly upgraded: boolean;
};

/** The edge has made the id itself: it needs no parse to get its brand. */
type Line = Omit<AccessLogLine, 'requestId'> & { readonly requestId: string };

function bound(text: string, charactersMax: number): string {
  return text.length <= charactersMax ? text : text.slice(0, charactersMax);
}

/** Microseconds are enough, and shorter. */
function roundMs(ms: number): number {
  return Math.round(ms * 1_000) / 1_000;
}
