import type { Readable } from 'node:stream';

import { Problem } from '@ringfort/contracts/problem.ts';
import { Agent, request, type Dispatcher } from 'undici';
import type { z } from 'zod';

import { driverLimits as limits } from '../limits.ts';
import { releaseHalfLayer } from './release-half-layer.ts';

/** Podman's own API (libpod 4.0 and later) over its unix socket. Docker's compatible API has no fixed id ranges. */
export type EngineClient = {
  /** The parsed answer; undefined when the thing is not there (404). Other refusals are `EngineRefusal`s. */
  readonly find: <T>(call: EngineCall, schema: z.ZodType<T>) => Promise<T | undefined>;
  readonly get: <T>(call: EngineCall, schema: z.ZodType<T>) => Promise<T>;
  /** For calls whose answer says nothing. `also` names statuses that count as done (304 not modified, 404 gone). */
  readonly act: (call: EngineCall, also?: readonly number[]) => Promise<void>;
  readonly stream: (call: EngineCall) => Promise<Readable>;
  readonly close: () => Promise<void>;
};

export type EngineCall = {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** A body of bytes instead of JSON. */
  readonly upload?: Readable;
  readonly signal?: AbortSignal;
  readonly timeoutMs?: number;
};

/** The engine understood and said no. */
export class EngineRefusal extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.name = 'EngineRefusal';
    this.status = status;
  }
}

/** Makes a client. It connects when it is first used; failing connections are `engine-unavailable`. */
export function createEngineClient(socketPath: string): EngineClient {
  const dispatcher = new Agent({ connect: { socketPath }, connections: 64, pipelining: 1 });
  const send = (call: EngineCall): Promise<Dispatcher.ResponseData> => sendCall(dispatcher, call);
  const find = async <T>(call: EngineCall, schema: z.ZodType<T>): Promise<T | undefined> => {
    const response = await send(call);
    const text = await readText(response.body);
    if (response.statusCode === 404) return undefined;
    if (response.statusCode >= 300) throw await refusal(call, response.statusCode, text);
    return schema.parse(JSON.parse(text));
  };
  return {
    find,
    get: async (call, schema) => {
      const found = await find(call, schema);
      if (found === undefined) throw new EngineRefusal(404, `${call.method} ${call.path}: there is no such thing`);
      return found;
    },
    act: async (call, also = []) => {
      const response = await send(call);
      const text = await readText(response.body);
      if (response.statusCode >= 300 && !also.includes(response.statusCode))
        throw await refusal(call, response.statusCode, text);
    },
    stream: async (call) => {
      const response = await send(call);
      if (response.statusCode >= 300) throw await refusal(call, response.statusCode, await readText(response.body));
      return response.body;
    },
    close: () => dispatcher.destroy(),
  };
}

async function sendCall(dispatcher: Agent, call: EngineCall): Promise<Dispatcher.ResponseData> {
  const query = new URLSearchParams(call.query).toString();
  const timeoutMs = call.timeoutMs ?? limits.engineTimeoutMs;
  const json = call.body === undefined ? null : JSON.stringify(call.body);
  try {
    return await request(`http://engine/v4.0.0/libpod/${call.path}${query === '' ? '' : `?${query}`}`, {
      dispatcher,
      method: call.method,
      headers: { 'content-type': call.upload === undefined ? 'application/json' : 'application/x-tar' },
      body: call.upload ?? json,
      headersTimeout: timeoutMs,
      bodyTimeout: 0,
      ...(call.signal === undefined ? {} : { signal: call.signal }),
    });
  } catch (cause) {
    if (call.signal?.aborted === true) throw cause;
    throw new Problem('engine-unavailable', `The container engine did not answer ${call.method} ${call.path}.`, {
      cause,
    });
  }
}

async function readText(body: Readable): Promise<string> {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  for await (const chunk of body) {
    if (!Buffer.isBuffer(chunk)) throw new TypeError('The engine answered with something other than bytes');
    sizeBytes += chunk.length;
    if (sizeBytes > limits.engineAnswerBytesMax) throw new Error('The container engine answered with too much');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

async function refusal(call: EngineCall, status: number, text: string): Promise<EngineRefusal> {
  await releaseHalfLayer(text);
  const said = text.slice(0, limits.messageCharactersMax);
  return new EngineRefusal(status, `${call.method} ${call.path} was refused with ${status}: ${said}`);
}
