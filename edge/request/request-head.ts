import type { IncomingMessage } from 'node:http';

import { connectionListed, isHopByHop } from './hop-by-hop.ts';

/** A request's head, read once: what routing needs, and the fields that go on to the application. */
export type RequestHead = {
  /** Names and values in turn, as the client sent them, without those that the edge sets, holds back or may not pass on. */
  readonly forwarded: string[];
  readonly hosts: number;
  readonly host: string;
  readonly transferEncodings: number;
  readonly transferEncoding: string;
  readonly contentLength: string | undefined;
};

/**
 * Reads the fields in one pass. Held back: hop-by-hop fields and those that `Connection` lists; what the edge says itself
 * (`X-Forwarded-*`, `Forwarded`, `X-Real-IP`, `X-Request-Id`, `Ringfort-*`); names with an underscore, which CGI-like
 * servers confuse with their hyphen twins; `Proxy`, which they take for a setting (CVE-2016-5385).
 */
export function readRequestHead(request: IncomingMessage): RequestHead {
  const { rawHeaders } = request;
  const listed = connectionListed(request.headers.connection);
  const head = {
    forwarded: new Array<string>(),
    hosts: 0,
    host: '',
    transferEncodings: 0,
    transferEncoding: '',
    contentLength: request.headers['content-length'],
  };
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] ?? '';
    const value = rawHeaders[index + 1] ?? '';
    const lower = name.toLowerCase();
    if (lower === 'host') {
      head.hosts += 1;
      head.host = value;
    } else if (lower === 'transfer-encoding') {
      head.transferEncodings += 1;
      head.transferEncoding = value;
    } else if (listed?.has(lower) !== true && isForwarded(lower)) head.forwarded.push(name, value);
  }
  return head;
}

const ownNames = new Set([
  'content-length',
  'expect',
  'forwarded',
  'proxy',
  'x-real-ip',
  'x-request-id',
  'x-client-ip',
  'x-cluster-client-ip',
  'true-client-ip',
]);

function isForwarded(lower: string): boolean {
  if (ownNames.has(lower) || isHopByHop(lower) || lower.includes('_')) return false;
  return !lower.startsWith('x-forwarded') && !lower.startsWith('ringfort-') && !lower.startsWith('x-ringfort-');
}
