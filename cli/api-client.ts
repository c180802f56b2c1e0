import { api } from '@ringfort/contracts/api/api.ts';
import type { Route } from '@ringfort/contracts/route.ts';
import type { Readable } from 'node:stream';
import type { z } from 'zod';

import { apiRequest, type ApiParts, type ApiRequest } from './api-request.ts';
import {
  createApiConnection,
  parseJson,
  readText,
  type Answer,
  type ApiAddress,
  type Exchange,
} from './api-connection.ts';
import { connectionFailure } from './connection-failure.ts';
import { Failure } from './failure.ts';
import { limits } from './limits.ts';
import { readNdjson } from './read-ndjson.ts';

export type ApiName = keyof typeof api;
export type ApiInput<N extends ApiName> = Inputs[N];
export type ApiOutput<N extends ApiName> = Outputs[N];

/**
 * The public API as functions, typed by the contracts alone. What is sent and what comes back is checked against them. Rejects with a
 * `Problem` (the platform's, or `input-invalid` before anything is sent), or with a `Failure` when it cannot be reached.
 */
export type ApiClient = {
  /** A route with JSON both ways. POSTs carry an idempotency key; what may be repeated is tried again when the connection fails. */
  readonly call: <N extends ApiName>(name: N, input: ApiInput<N>, options?: CallOptions) => Promise<ApiOutput<N>>;
  /** A route that takes bytes. `source` gives them anew for each try. */
  readonly send: <N extends ApiName>(name: N, input: ApiInput<N> & SourceInput) => Promise<ApiOutput<N>>;
  /** A route that answers with a stream; it ends when the platform ends it, and rejects when the connection is lost. */
  readonly stream: <N extends ApiName>(
    name: N,
    input: ApiInput<N>,
    options?: StreamOptions,
  ) => AsyncIterable<ApiOutput<N>>;
  readonly close: () => Promise<void>;
};

export type CallOptions = { readonly signal?: AbortSignal | undefined };
/** `silenceMs`: how long the stream may be silent; 0 for ever. */
export type StreamOptions = CallOptions & { readonly silenceMs?: number };
export type SourceInput = { readonly source: () => Readable; readonly sizeBytes: number };
/** Randomness: `key` makes an idempotency key, `fraction` gives [0, 1). */
export type ClientChance = { readonly key: () => string; readonly fraction: () => number };

/** Makes a client. It holds connections, so it has to be closed. */
export function createApiClient(address: ApiAddress, chance: ClientChance): ApiClient {
  const connection = createApiConnection(address, chance.fraction);
  const start = async (route: Route, request: ApiRequest, more: Partial<Exchange>): Promise<Answer> =>
    connection.exchange({
      method: request.method,
      path: request.path,
      isRepeatable: route.transport !== 'ndjson-out',
      silenceMs: limits.answerTimeoutMs,
      body: body(request.body),
      ...more,
      headers: { ...requestHeaders(route, request, chance.key), ...more.headers },
    });
  return {
    call: async (name, input, options = {}) => {
      const route = routes[name];
      const answer = await start(route, apiRequest(route, input), { signal: options.signal });
      return parseOutput(route.output, await readAnswer(answer, address.url));
    },
    send: async (name, input) => {
      const { source, sizeBytes, ...parts } = input;
      const headers = { 'content-type': 'application/octet-stream', 'content-length': String(sizeBytes) };
      const route = routes[name];
      const answer = await start(route, apiRequest(route, toParts(parts)), { headers, body: source });
      return parseOutput(route.output, await readAnswer(answer, address.url));
    },
    stream: async function* (name, input, options = {}) {
      const route = routes[name];
      const silenceMs = options.silenceMs ?? limits.streamSilenceMs;
      const { body: lines } = await start(route, apiRequest(route, input), { silenceMs, signal: options.signal });
      try {
        for await (const line of readNdjson(lines)) yield parseOutput(route.output, line);
      } catch (error) {
        options.signal?.throwIfAborted();
        throw connectionFailure(error, address.url);
      }
    },
    close: connection.close,
  };
}

type Inputs = {
  readonly [N in ApiName]: Part<'params', (typeof api)[N]['params']> &
    Part<'query', (typeof api)[N]['query']> &
    Part<'body', (typeof api)[N]['body']>;
};
type Outputs = { readonly [N in ApiName]: z.output<(typeof api)[N]['output']> };

type Part<K extends string, S extends z.ZodType> = [z.input<S>] extends [undefined]
  ? { readonly [P in K]?: undefined }
  : Record<string, never> extends z.input<S>
    ? { readonly [P in K]?: z.input<S> }
    : { readonly [P in K]: z.input<S> };

/** The same routes, written so that the type checker relates a name to its own output. */
const routes: { readonly [N in ApiName]: Omit<Route, 'output'> & { readonly output: z.ZodType<Outputs[N]> } } = api;

function body(text: string | undefined): (() => string) | undefined {
  return text === undefined ? undefined : () => text;
}

function toParts(parts: ApiParts): ApiParts {
  return parts;
}

function requestHeaders(route: Route, request: ApiRequest, key: () => string): Record<string, string> {
  return {
    accept: route.transport === 'ndjson-out' ? 'application/x-ndjson, application/problem+json' : 'application/json',
    ...(request.body === undefined ? {} : { 'content-type': 'application/json' }),
    ...(route.method === 'POST' && route.transport === 'json' ? { 'idempotency-key': key() } : {}),
  };
}

async function readAnswer(answer: Answer, url: URL): Promise<unknown> {
  try {
    const text = await readText(answer.body);
    return text === '' ? undefined : parseJson(text);
  } catch (error) {
    throw connectionFailure(error, url);
  }
}

function parseOutput<T>(schema: z.ZodType<T>, value: unknown): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new Failure('The platform’s answer has a form that this command does not know.', {
    fix: 'Use the command line of the same version as the platform.',
    cause: parsed.error,
  });
}
