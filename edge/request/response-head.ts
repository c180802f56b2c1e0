import type { IncomingHttpHeaders } from 'node:http';

import type { Connection } from './connection.ts';
import { connectionListed, isHopByHop } from './hop-by-hop.ts';
import { confineCookie } from './set-cookie.ts';

/** The fields of an application's answer that go on to the client, names and values in turn; the edge adds its own. */
export function responseHeaders(upstream: IncomingHttpHeaders, { status, hostname }: AnswerFacts): string[] {
  const headers: string[] = [];
  const listed = connectionListed(joinRepeated(upstream.connection));
  for (const name in upstream) {
    if (isHopByHop(name) || isOwn(name) || listed?.has(name) === true) continue;
    // RFC 9110 §8.6; an answer without content has no length either.
    if (status === 204 && name === 'content-length') continue;
    const value = upstream[name];
    if (typeof value === 'string') headers.push(name, name === 'set-cookie' ? confineCookie(value, hostname) : value);
    else for (const one of value ?? []) headers.push(name, name === 'set-cookie' ? confineCookie(one, hostname) : one);
  }
  return headers;
}

export type AnswerFacts = { readonly status: number; readonly hostname: string };

/** HSTS for the host alone and for a year (RFC 6797); `localhost` is everybody's own machine and is left as it was. */
export function edgeHeaders(requestId: string, { servername }: Pick<Connection, 'servername'>): string[] {
  const headers = ['X-Request-Id', requestId];
  if (servername !== null && servername !== 'localhost') headers.push('Strict-Transport-Security', 'max-age=31536000');
  return headers;
}

/** The dispatcher gives the values of any field that comes more than once as a list, whatever its types say. */
export function joinRepeated(value: string | readonly string[] | undefined): string | undefined {
  return typeof value === 'string' || value === undefined ? value : value.join(',');
}

/** Said by the edge itself, or about another server than the edge. */
function isOwn(name: string): boolean {
  switch (name) {
    case 'strict-transport-security':
    case 'x-request-id':
    case 'alt-svc':
      return true;
    default:
      return name.startsWith('ringfort-');
  }
}
