import { request as requestPlain, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as requestSecure } from 'node:https';
import { isIP, isIPv6 } from 'node:net';
import { TLSSocket } from 'node:tls';

import type { FetchAnswer, FetchRequest } from '@ringfort/contracts/prober-requests.ts';
import type { Clock } from '@ringfort/kit/clock.ts';

import { limits } from './limits.ts';

/** Asks for a page at the given address, as somebody outside would. It never rejects: failing to reach it is what was seen. */
export async function fetchOutside(request: FetchRequest, clock: Clock): Promise<FetchAnswer> {
  const startMs = clock.nowMs();
  try {
    const signal = AbortSignal.timeout(request.timeoutMs);
    const message = await get(request, signal);
    const seen = describe(message);
    const body = await readStart(message);
    return { outcome: 'answered', ...seen, bodyStart: body.toString('base64'), tookMs: clock.nowMs() - startMs };
  } catch (error) {
    const code = errorCode(error);
    return { outcome: outcomeOf(code), code, tookMs: clock.nowMs() - startMs };
  }
}

function get(request: FetchRequest, signal: AbortSignal): Promise<IncomingMessage> {
  const url = new URL(request.url);
  const options: RequestOptions & { readonly servername?: string } = {
    method: 'GET',
    path: url.pathname + url.search,
    headers: { host: url.host, 'user-agent': 'ringfort-prober', accept: '*/*' },
    // Connects to the given address; certificate and SNI are still those of the name.
    host: request.address,
    port: request.port,
    family: isIPv6(request.address) ? 6 : 4,
    agent: false,
    signal,
    maxHeaderSize: limits.fetchHeaderBytesMax,
  };
  return new Promise((resolve, reject) => {
    const secure = {
      servername: isIP(url.hostname) === 0 ? url.hostname : '',
      ca: request.caPem,
      minVersion: 'TLSv1.2',
    } as const;
    const sending =
      url.protocol === 'https:' ? requestSecure({ ...options, ...secure }, resolve) : requestPlain(options, resolve);
    sending.once('error', reject);
    sending.end();
  });
}

type Seen = Pick<
  Extract<FetchAnswer, { outcome: 'answered' }>,
  'status' | 'headers' | 'tlsVersion' | 'certificateDigest'
>;

function describe(message: IncomingMessage): Seen {
  const { rawHeaders, socket } = message;
  const names = rawHeaders.filter((_, index) => index % 2 === 0);
  const isSecure = socket instanceof TLSSocket;
  return {
    status: message.statusCode ?? 0,
    headers: names.map((name, index) => ({ name: name.toLowerCase(), value: rawHeaders[index * 2 + 1] ?? '' })),
    tlsVersion: isSecure ? socket.getProtocol() : null,
    certificateDigest: isSecure ? socket.getPeerCertificate().fingerprint256.replaceAll(':', '').toLowerCase() : null,
  };
}

async function readStart(message: IncomingMessage): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const chunk of message) {
    if (!(chunk instanceof Uint8Array)) throw new TypeError('The body does not give bytes');
    chunks.push(chunk);
    sizeBytes += chunk.byteLength;
    if (sizeBytes >= limits.fetchBodyBytesMax) break;
  }
  return Buffer.concat(chunks).subarray(0, limits.fetchBodyBytesMax);
}

function errorCode(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  // The only thing that aborts is the deadline.
  if (error.name === 'AbortError' || error.name === 'TimeoutError') return 'ETIMEDOUT';
  return 'code' in error ? String(error.code) : error.name;
}

function outcomeOf(code: string): 'refused' | 'timeout' | 'unreachable' | 'untrusted' | 'broken' {
  if (code === 'ECONNREFUSED') return 'refused';
  if (code === 'ETIMEDOUT') return 'timeout';
  if (/^(EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL|EACCES|EPERM)$/.test(code)) return 'unreachable';
  if (/CERT|ISSUER|SELF_SIGNED|SIGNATURE|ALTNAME/.test(code)) return 'untrusted';
  return 'broken';
}
