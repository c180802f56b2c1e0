import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';

import { HealRequest, InjectRequest } from '@ringfort/contracts/injection.ts';
import { problemDocument } from '@ringfort/contracts/problem-document.ts';
import { Problem } from '@ringfort/contracts/problem.ts';
import type { Log } from '@ringfort/kit/log.ts';
import type { z } from 'zod';

import type { Leases } from './leases.ts';
import { injectorLimits as limits } from './limits.ts';

/** The injector's two requests, `POST /v1/inject` and `POST /v1/heal`. */
export function createInjectorServer(leases: Leases, log: Log): Server {
  const {
    headersTimeoutMs: headersTimeout,
    requestTimeoutMs: requestTimeout,
    keepAliveTimeoutMs: keepAliveTimeout,
  } = limits;
  const server = createServer({ headersTimeout, requestTimeout, keepAliveTimeout }, (message, response) => {
    answer(leases, message).then(
      (value) => send(response, { status: 200, type: 'application/json', value }),
      (error: unknown) => {
        const problem = asProblem(error);
        if (problem.code === 'internal') log.error('Request failed', { url: message.url, error });
        send(response, { status: problem.status, type: 'application/problem+json', value: problemDocument(problem) });
      },
    );
  });
  server.maxConnections = limits.connectionsMax;
  return server;
}

async function answer(leases: Leases, message: IncomingMessage): Promise<unknown> {
  switch (`${message.method} ${message.url}`) {
    case 'POST /v1/inject':
      return { leaseId: await leases.begin(await readBody(message, InjectRequest)) };
    case 'POST /v1/heal':
      await leases.end((await readBody(message, HealRequest)).leaseId);
      return {};
    default:
      throw new Problem('not-found', `There is no request ${message.method} ${message.url}.`);
  }
}

async function readBody<T>(message: IncomingMessage, schema: z.ZodType<T>): Promise<T> {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  const parts: AsyncIterable<Buffer> = message.iterator({ destroyOnReturn: false });
  for await (const part of parts) {
    sizeBytes += part.length;
    if (sizeBytes > limits.requestBytesMax) {
      throw new Problem('body-too-large', `The body is larger than ${limits.requestBytesMax} bytes.`);
    }
    chunks.push(part);
  }
  const result = schema.safeParse(readJson(Buffer.concat(chunks).toString('utf8')));
  if (result.success) return result.data;
  const fields = result.error.issues.map(({ path, message: text }) => ({ path: path.join('.'), message: text }));
  throw new Problem('input-invalid', 'The request is not of the documented form.', { fields });
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Problem('input-invalid', 'The request is not JSON.', { cause });
  }
}

type Answer = { readonly status: number; readonly type: string; readonly value: unknown };

function send(response: ServerResponse, { status, type, value }: Answer): void {
  if (response.destroyed) return;
  response.writeHead(status, { 'content-type': type }).end(JSON.stringify(value));
}

function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  return new Problem('internal', 'The injector met an error that it did not expect. Its log tells more.', {
    cause: error,
  });
}
