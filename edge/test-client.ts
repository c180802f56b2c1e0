import { once } from 'node:events';
import { request as httpsRequest } from 'node:https';
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { connect, type TLSSocket } from 'node:tls';

import type { TestEdge } from './test-edge.ts';

export type Answer = { readonly status: number; readonly headers: IncomingHttpHeaders; readonly body: string };

/** One request as a browser would send it, over a connection of its own. */
export async function get(edge: TestEdge, hostname: string, options: GetOptions = {}): Promise<Answer> {
  const response = await open(edge, hostname, options);
  return { status: response.statusCode ?? 0, headers: response.headers, body: await text(response) };
}

export type GetOptions = {
  readonly path?: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
};

/** Like `get`, but gives the answer as soon as its head is there. */
export async function open(edge: TestEdge, hostname: string, options: GetOptions = {}): Promise<IncomingMessage> {
  const { path = '/', method = 'GET', headers = {}, body } = options;
  const request = httpsRequest({
    host: '127.0.0.1',
    port: edge.edge.httpsPort,
    servername: hostname,
    ca: edge.authority.caPem(hostname),
    path,
    method,
    headers: { Host: hostname, ...headers },
    agent: false,
  });
  return new Promise((resolve, reject) => {
    request.on('response', resolve);
    request.on('error', reject);
    request.end(body);
  });
}

/** A TLS connection to the edge, for bytes that no client would send. */
export async function connectTls(edge: TestEdge, hostname: string): Promise<TLSSocket> {
  const ca = edge.authority.caPem(hostname);
  const socket = connect({
    host: '127.0.0.1',
    port: edge.edge.httpsPort,
    servername: hostname,
    ca,
    ALPNProtocols: ['http/1.1'],
  });
  await once(socket, 'secureConnect');
  return socket;
}

/** Sends bytes and gives all that comes back until the edge closes the connection. */
export async function sendRaw(edge: TestEdge, hostname: string, bytes: string): Promise<string> {
  const socket = await connectTls(edge, hostname);
  const answer = readAll(socket);
  socket.write(Buffer.from(bytes, 'latin1'));
  return answer;
}

/** All that comes over a connection until it closes, or is reset. */
export async function readAll(socket: TLSSocket): Promise<string> {
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  socket.on('error', () => undefined);
  await new Promise((resolve) => socket.on('close', resolve));
  return Buffer.concat(chunks).toString('latin1');
}

/** The number in the first status line of raw bytes; 0 when there is none. */
export function statusOf(raw: string): number {
  return Number(/^HTTP\/1\.1 (\d{3}) /.exec(raw)?.[1] ?? 0);
}
