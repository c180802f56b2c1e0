import { request as sendRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';

import type { Mirror } from './find-mirror.ts';
import { buildProxyLimits as limits } from './limits.ts';
import { atMost } from './open-tunnel.ts';

/** Fetches a plain HTTP address of a mirror for a caller. A redirect is passed on, not followed: the caller asks again, and is checked again. */
export async function forwardRequest(
  message: IncomingMessage,
  response: ServerResponse,
  target: ForwardTarget,
): Promise<void> {
  const { mirror, path } = target;
  const hostHeader = mirror.port === 80 ? mirror.host : `${mirror.host}:${mirror.port}`;
  const headers = { ...endToEnd({ ...message.headers, 'content-length': undefined }), host: hostHeader };
  const { address: host, port } = mirror;
  const { method } = message;
  const timing = { timeout: limits.idleTimeoutMs, signal: AbortSignal.timeout(limits.lifeMsMax) };
  const upstream = sendRequest({ host, port, method, path, headers, agent: false, setHost: false, ...timing });
  upstream.once('timeout', () => upstream.destroy(new Error('The mirror does not answer')));
  response.once('close', () => upstream.destroy());
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    upstream.once('response', resolve).once('error', reject).end();
  });
  response.writeHead(answer.statusCode ?? 502, endToEnd(answer.headers));
  await pipeline(answer, atMost(limits.downloadBytesMax), response);
}

export type ForwardTarget = { readonly mirror: Mirror; readonly path: string };

/** Without what belongs to one connection only (RFC 9110 §7.6.1), and without the caller's own statements about itself. */
function endToEnd(headers: Headers): Record<string, string | string[]> {
  const listed = (headers.connection ?? '').split(',').map((name) => name.trim().toLowerCase());
  const dropped = new Set([...hopByHop, ...listed]);
  const kept = Object.entries(headers).flatMap(([name, value]) =>
    value === undefined || dropped.has(name) ? [] : [[name, value] as const],
  );
  return Object.fromEntries(kept);
}

type Headers = Readonly<Record<string, string | string[] | undefined>> & { readonly connection?: string | undefined };

const hopByHop = [
  'connection',
  'keep-alive',
  'proxy-connection',
  'proxy-authorization',
  'proxy-authenticate',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'expect',
  'forwarded',
  'x-forwarded-for',
  'via',
];
