import { backOffMs } from '@ringfort/kit/back-off.ts';
import { wait } from '@ringfort/kit/wait.ts';
import { Agent, type Dispatcher } from 'undici';
import type { Readable } from 'node:stream';

import { connectionFailure, isConnectionLoss } from './connection-failure.ts';
import { Failure } from './failure.ts';
import { limits } from './limits.ts';
import { RemoteProblem } from './remote-problem.ts';

/** Where the platform is reached, and as whom. `ca` is the PEM of the only authority that is trusted then. */
export type ApiAddress = {
  readonly url: URL;
  readonly token: string | undefined;
  readonly ca: string | undefined;
};

export type Exchange = {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Gives the body anew for each try. */
  readonly body: (() => string | Readable) | undefined;
  /** Sent again when the connection fails: the request has no effect the second time. */
  readonly isRepeatable: boolean;
  /** How long the answer may be silent; 0: for ever. */
  readonly silenceMs: number;
  readonly signal?: AbortSignal | undefined;
};

export type Answer = { readonly status: number; readonly body: Dispatcher.ResponseData['body'] };

export type ApiConnection = {
  /** Resolves with a 2xx answer whose body is still to be read; rejects with a `RemoteProblem` or a `Failure`. */
  readonly exchange: (exchange: Exchange) => Promise<Answer>;
  readonly close: () => Promise<void>;
};

/** Opens nothing yet: connections are made, kept and reused as requests come. `random` gives [0, 1). */
export function createApiConnection(address: ApiAddress, random: () => number): ApiConnection {
  const agent = new Agent({
    connect: { timeout: limits.connectTimeoutMs, ...(address.ca === undefined ? {} : { ca: address.ca }) },
    headersTimeout: limits.answerTimeoutMs,
    connections: 4,
  });
  const delay = { delayMsMin: limits.retryDelayMsMin, delayMsMax: limits.retryDelayMsMax, random };
  return {
    exchange: async (exchange) => {
      for (let attempt = 0; ; attempt += 1) {
        const outcome = await once({ agent, address, exchange });
        if (!(outcome instanceof Error)) return outcome;
        const mayRepeat = exchange.isRepeatable && attempt < limits.retriesMax && isConnectionLoss(outcome);
        if (!mayRepeat || exchange.signal?.aborted === true) throw outcome;
        await wait(backOffMs(attempt, delay), exchange.signal);
      }
    },
    close: async () => agent.destroy(),
  };
}

type Try = { readonly agent: Agent; readonly address: ApiAddress; readonly exchange: Exchange };

async function once({ agent, address, exchange }: Try): Promise<Answer | Error> {
  try {
    const { statusCode, headers, body } = await agent.request({
      origin: address.url.origin,
      path: `${address.url.pathname.replace(/\/+$/, '')}${exchange.path}`,
      method: exchange.method,
      headers: {
        ...exchange.headers,
        ...(address.token === undefined ? {} : { authorization: `Bearer ${address.token}` }),
      },
      bodyTimeout: exchange.silenceMs,
      ...(exchange.body === undefined ? {} : { body: exchange.body() }),
      ...(exchange.signal === undefined ? {} : { signal: exchange.signal }),
    });
    if (statusCode >= 200 && statusCode < 300) return { status: statusCode, body };
    return await refusal({ status: statusCode, body }, String(headers['content-type'] ?? ''));
  } catch (error) {
    exchange.signal?.throwIfAborted();
    return connectionFailure(error, address.url);
  }
}

async function refusal(answer: Answer, contentType: string): Promise<Error> {
  const text = await readText(answer.body);
  if (contentType.includes('json')) {
    const problem = new RemoteProblem(parseJson(text));
    return problem.code === 'control-unavailable' ? connectionFailure({ code: 'EDGE_ALONE' }) : problem;
  }
  if (answer.status >= 502 && answer.status <= 504) return connectionFailure({ code: 'EDGE_ALONE' });
  return new Failure(`The address answered ${answer.status}, which is not an answer of Ringfort’s API.`, {
    fix: 'Check RINGFORT_URL.',
  });
}

/** The whole text of an answer, up to the limit. */
export async function readText(body: AsyncIterable<unknown>): Promise<string> {
  const chunks: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const chunk of body) {
    if (!(chunk instanceof Uint8Array)) throw new TypeError('The answer does not give bytes');
    sizeBytes += chunk.byteLength;
    if (sizeBytes > limits.answerBytesMax) throw new Failure('The platform’s answer is too large to read.');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** JSON, or undefined where it is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
