import type { Readable } from 'node:stream';

import { Pool } from 'undici';
import type { Dispatcher } from 'undici';
import type { z } from 'zod';

import { ApplySpecAnswer, BuildEvent, LogEvent, ObserveAnswer } from '@ringfort/contracts/agent-requests.ts';
import type { BuildRequest, StreamLogsRequest } from '@ringfort/contracts/agent-requests.ts';
import type { EnvironmentSpec } from '@ringfort/contracts/environment-spec.ts';
import { parseProblem } from '@ringfort/contracts/problem-document.ts';
import { Problem } from '@ringfort/contracts/problem.ts';

import { readBounded, readNdjson } from './read-ndjson.ts';

/** The agent as control may use it. Every call rejects with a `Problem`: the agent's own, or `agent-unavailable`. */
export type AgentClient = {
  readonly applySpec: (spec: EnvironmentSpec) => Promise<{ readonly generation: number }>;
  readonly observe: () => Promise<ObserveAnswer>;
  /** Begins or joins a build and follows it to its end. `source` is the archive; it is closed in any case. */
  readonly build: (request: BuildRequest, options: BuildCall) => AsyncIterable<BuildEvent>;
  readonly streamLogs: (
    request: StreamLogsRequest,
    options: { readonly signal: AbortSignal },
  ) => AsyncIterable<LogEvent>;
  readonly close: () => Promise<void>;
};

export type BuildCall = { readonly source: Readable; readonly sizeBytes: number; readonly signal: AbortSignal };

/** Connects to the agent's socket for control, when there is something to say. */
export function createAgentClient({ socketPath }: { readonly socketPath: string }): AgentClient {
  const pool = new Pool('http://agent', { socketPath, connections: limits.connectionsMax, pipelining: 1 });
  const ask = async <T>(name: string, value: unknown, { schema, answerMsMax }: Asking<T>): Promise<T> => {
    const signal = AbortSignal.timeout(answerMsMax);
    const answer = await send(pool, { name, body: JSON.stringify(value), signal, silenceMsMax: answerMsMax });
    return parseAnswer(await translated(readBounded(answer.body, limits.answerBytesMax)), schema);
  };
  return {
    applySpec: (spec) => ask('applySpec', spec, { schema: ApplySpecAnswer, answerMsMax: limits.answerMsMax }),
    observe: () => ask('observe', {}, { schema: ObserveAnswer, answerMsMax: limits.observeMsMax }),
    build: (request, call) => build(pool, request, call),
    streamLogs: (request, { signal }) =>
      follow(pool, { name: 'streamLogs', body: JSON.stringify(request), signal, silenceMsMax: 0 }, LogEvent),
    close: () => pool.destroy(),
  };
}

const limits = {
  connectionsMax: 64,
  answerMsMax: 15_000,
  /** The agent answers from memory; a round must not hang on it. */
  observeMsMax: 4_000,
  answerBytesMax: 64 * 1024 * 1024,
  lineBytesMax: 256 * 1024,
  /** A build may be silent as long as the agent lets it run, and wait behind two others. */
  buildSilenceMsMax: 20 * 60_000,
} as const;

type Asking<T> = { readonly schema: z.ZodType<T>; readonly answerMsMax: number };

type Call = {
  readonly name: string;
  readonly body: string | Readable;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  readonly silenceMsMax: number;
};

async function* build(
  pool: Pool,
  request: BuildRequest,
  { source, sizeBytes, signal }: BuildCall,
): AsyncIterable<BuildEvent> {
  const headers = {
    'ringfort-request': asciiJson(request),
    'content-type': 'application/octet-stream',
    'content-length': String(sizeBytes),
  };
  try {
    const silenceMsMax = limits.buildSilenceMsMax;
    yield* follow(pool, { name: 'build', body: source, headers, signal, silenceMsMax }, BuildEvent);
  } finally {
    source.destroy();
  }
}

async function* follow<T>(pool: Pool, call: Call, schema: z.ZodType<T>): AsyncIterable<T> {
  const answer = await send(pool, call);
  const lines = readNdjson(answer.body, limits.lineBytesMax)[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = await translated(lines.next());
      if (next.done === true) return;
      yield parseAnswer(next.value, schema);
    }
  } finally {
    answer.body.destroy();
  }
}

async function send(pool: Pool, call: Call): Promise<Dispatcher.ResponseData> {
  const answer = await translated(
    pool.request({
      method: 'POST',
      path: `/v1/${call.name}`,
      headers: { 'content-type': 'application/json', ...call.headers },
      body: call.body,
      signal: call.signal,
      headersTimeout: call.silenceMsMax,
      bodyTimeout: call.silenceMsMax,
    }),
  );
  if (answer.statusCode < 300) return answer;
  throw parseProblem(parseJson(await translated(readBounded(answer.body, limits.lineBytesMax))));
}

async function translated<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof Problem) throw error;
    throw new Problem('agent-unavailable', 'The agent does not answer, or broke off.', { cause: error });
  }
}

function parseAnswer<T>(text: string, schema: z.ZodType<T>): T {
  const parsed = schema.safeParse(parseJson(text));
  if (parsed.success) return parsed.data;
  throw new Problem('agent-unavailable', 'The agent answered in an unknown form.', { cause: parsed.error });
}

function parseJson(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch (error) {
    throw new Problem('agent-unavailable', 'The agent answered with something that is not JSON.', { cause: error });
  }
}

/** JSON for a header, which holds ASCII alone: other characters are written as their escapes (RFC 8259 §7). */
function asciiJson(value: unknown): string {
  return JSON.stringify(value).replaceAll(/[^ -~]/gu, (character) =>
    Array.from({ length: character.length }, (_, index) => {
      const unit = character.charCodeAt(index).toString(16).padStart(4, '0');
      return `\\u${unit}`;
    }).join(''),
  );
}
