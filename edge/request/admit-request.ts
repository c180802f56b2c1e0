import type { IncomingMessage } from 'node:http';

import { edgeLimits } from '../limits.ts';
import type { HostRoutes, RouteTable } from '../snapshot/route-table.ts';
import type { Connection } from './connection.ts';
import { parseHost } from './host-header.ts';
import type { Refusal } from './refusals.ts';
import { readRequestHead, type RequestHead } from './request-head.ts';
import { parseTarget, type RequestTarget } from './request-target.ts';

/** A request whose head is unambiguous and whose host is served here. */
export type Admitted = {
  readonly refusal: undefined;
  readonly head: RequestHead;
  readonly hostname: string;
  readonly target: RequestTarget;
  readonly host: HostRoutes;
};

/** A request that is answered by the edge itself. Host and target are there as far as they were understood, for the log. */
export type NotAdmitted = {
  readonly refusal: Refusal;
  readonly hostname?: string;
  readonly target?: RequestTarget;
};

/** Judges the head of a request: what could be read in two ways is refused, never repaired. */
export function admitRequest(request: IncomingMessage, options: AdmitOptions): Admitted | NotAdmitted {
  const headRefusal = refuseHead(request);
  if (headRefusal !== undefined) return { refusal: headRefusal };
  const head = readRequestHead(request);
  if (!hasPlainFraming(request, head)) return { refusal: 'malformed' };
  const hostname = head.hosts === 1 ? parseHost(head.host) : undefined;
  if (hostname === undefined) return { refusal: 'host-invalid' };
  const target = parseTarget(request.url ?? '', hostname);
  if (target === undefined) return { refusal: 'target-invalid', hostname };
  const { servername } = options.connection;
  if (servername !== null && servername !== hostname) return { refusal: 'misdirected', hostname, target };
  const host = options.table.get(hostname);
  if (host === undefined) return { refusal: 'no-site', hostname, target };
  if (Number(head.contentLength ?? 0) > options.bodyBytesMax) return { refusal: 'body-too-large', hostname, target };
  return { refusal: undefined, head, hostname, target, host };
}

export type AdmitOptions = {
  readonly table: RouteTable;
  readonly connection: Connection;
  readonly bodyBytesMax: number;
};

function refuseHead(request: IncomingMessage): Refusal | undefined {
  if (request.rawHeaders.length > 2 * edgeLimits.headersMax) return 'head-too-large';
  if (request.httpVersion !== '1.1' && request.httpVersion !== '1.0') return 'malformed';
  if (request.method === 'TRACE' || request.method === 'CONNECT') return 'method-refused';
  return undefined;
}

/**
 * Node's parser has refused two lengths, a length beside an encoding, obs-fold and bare line ends already; it lets through
 * other codings before `chunked` and chunked HTTP/1.0, which the next server may frame otherwise (RFC 9112 §6.1).
 */
function hasPlainFraming(request: IncomingMessage, head: RequestHead): boolean {
  if (head.transferEncodings === 0) return true;
  if (head.transferEncodings > 1 || head.contentLength !== undefined || request.httpVersion === '1.0') return false;
  return head.transferEncoding.toLowerCase() === 'chunked';
}
