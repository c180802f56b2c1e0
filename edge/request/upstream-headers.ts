import type { Admitted } from './admit-request.ts';
import type { Exchange } from './exchange.ts';
import { forwardingHeaders } from './forwarding-headers.ts';

/** The head that an application gets: what the edge says first, then what the client may say. Names and values in turn. */
export function upstreamHeaders(exchange: Exchange, options: UpstreamHeaderOptions): string[] {
  const { head, hostname } = options.admitted;
  const forwarding = forwardingHeaders(exchange.connection, { hostname, port: options.port });
  const headers = [...forwarding, 'X-Request-Id', exchange.requestId, ...head.forwarded];
  if (head.contentLength !== undefined) headers.push('Content-Length', head.contentLength);
  return headers;
}

export type UpstreamHeaderOptions = { readonly admitted: Admitted; readonly port: number };
