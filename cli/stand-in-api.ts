import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { setTimeout } from 'node:timers/promises';

import { api } from '@ringfort/contracts/api/api.ts';
import { problemDocument } from '@ringfort/contracts/problem-document.ts';
import { Problem } from '@ringfort/contracts/problem.ts';
import type { Route } from '@ringfort/contracts/route.ts';
import type { z } from 'zod';

import type { ApiName } from './api-client.ts';

type Api = typeof api;
type Answers<N extends ApiName> = z.input<Api[N]['output']>;

/** A request as its route's schemas let it through. */
export type StandInRequest = {
  readonly params: unknown;
  readonly query: unknown;
  readonly body: unknown;
  readonly bytes: Buffer;
  readonly headers: IncomingMessage['headers'];
};

/**
 * What a test lets each route answer. An array is streamed; an error in it cuts the connection there. A `Problem` that is thrown is sent, any
 * other error cuts the connection.
 */
export type StandInHandlers = {
  readonly [N in ApiName]?: (request: StandInRequest) => Answers<N> | readonly (Answers<N> | Error)[];
};

export type StandInApi = AsyncDisposable & { readonly url: URL; readonly requests: readonly string[] };

/**
 * For tests: a server on a free port of the loopback that is built from the contracts. Routes without a handler are not found. It holds no
 * state but the list of `GET /v1/…` lines that came in.
 */
export async function standInApi(handlers: StandInHandlers): Promise<StandInApi> {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url}`);
    answer(handlers, request, response).catch(() => request.socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: new URL(`http://127.0.0.1:${port(server.address())}`),
    requests,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function answer(handlers: StandInHandlers, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const bytes = await buffer(request);
  try {
    const found = find(handlers, request);
    const url = new URL(request.url ?? '/', 'http://localhost');
    const { route } = found;
    const isJson = route.transport !== 'stream-in' && bytes.length > 0;
    const value: unknown = found.handler({
      params: route.params.parse(found.params),
      query: route.query.parse(Object.fromEntries(url.searchParams)),
      body: route.body.parse(isJson ? JSON.parse(bytes.toString()) : undefined),
      bytes,
      headers: request.headers,
    });
    if (route.transport === 'ndjson-out') return await sendLines(response, route, value);
    response.writeHead(route.status, { 'content-type': 'application/json' });
    response.end(route.status === 204 ? '' : JSON.stringify(route.output.parse(value)));
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    response.writeHead(error.status, { 'content-type': 'application/problem+json' });
    response.end(JSON.stringify(problemDocument(error, '01890000-0000-7000-8000-00000000abcd')));
  }
}

async function sendLines(response: ServerResponse, route: Route, values: unknown): Promise<void> {
  response.writeHead(200, { 'content-type': 'application/x-ndjson' });
  response.flushHeaders();
  if (!Array.isArray(values)) throw new TypeError('A stream is answered with an array');
  for (const value of values) {
    // An error among the values cuts the connection there.
    if (value instanceof Error) {
      await setTimeout(1);
      throw value;
    }
    response.write(`${JSON.stringify(route.output.parse(value))}\n`);
  }
  response.end();
}

type Found = {
  readonly route: Route;
  readonly params: Readonly<Record<string, string>>;
  readonly handler: (request: StandInRequest) => unknown;
};

function find(handlers: StandInHandlers, request: IncomingMessage): Found {
  const path = (request.url ?? '/').split('?')[0] ?? '/';
  for (const [name, handler] of Object.entries(handlers)) {
    const route = Object.entries<Route>(api).find(([key]) => key === name)?.[1];
    const params = route === undefined ? undefined : matchPath(route.path, path);
    if (route !== undefined && params !== undefined && route.method === request.method)
      return { route, params, handler };
  }
  throw new Problem('not-found', `There is nothing at ${path}.`);
}

function matchPath(pattern: string, path: string): Record<string, string> | undefined {
  const names = pattern.split('/');
  const parts = path.split('/');
  if (names.length !== parts.length) return undefined;
  const pairs = names.map((name, index) => [name, decodeURIComponent(parts[index] ?? '')] as const);
  if (pairs.some(([name, part]) => !name.startsWith(':') && name !== part)) return undefined;
  return Object.fromEntries(
    pairs.filter(([name]) => name.startsWith(':')).map(([name, part]) => [name.slice(1), part]),
  );
}

function port(address: AddressInfo | string | null): number {
  if (address === null || typeof address === 'string') throw new Error('The server has no port');
  return address.port;
}
