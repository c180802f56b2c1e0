import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';

import { Problem } from '@ringfort/contracts/problem.ts';
import { problemDocument } from '@ringfort/contracts/problem-document.ts';
import type { Log } from '@ringfort/kit/log.ts';

import { agentLimits as limits } from '../limits.ts';

/** One request of the agent's protocol: takes the message, gives the answer. Throws a `Problem` for what it refuses. */
export type RequestHandler = (message: IncomingMessage, response: ServerResponse) => Promise<void>;

/** What may be asked on one socket: `applySpec` for `POST /v1/applySpec`. */
export type RequestTable = ReadonlyMap<string, RequestHandler>;

/** A server for exactly the requests of its table. Everything else is not found, whatever another socket may offer. */
export function createRequestServer(table: RequestTable, log: Log): Server {
  const { headerBytesMax, headersTimeoutMs, requestTimeoutMs } = limits;
  const timing = { headersTimeout: headersTimeoutMs, requestTimeout: requestTimeoutMs, keepAliveTimeout: 60_000 };
  const server = createServer({ maxHeaderSize: headerBytesMax, ...timing }, (message, response) => {
    answer(table, message, response).catch((error: unknown) => {
      if (response.destroyed) return;
      const problem = asProblem(error);
      if (problem.code === 'internal') log.error('Request failed', { url: message.url, error });
      refuse(response, problem);
      // An unread body may be long; the connection is not worth reading it.
      if (!message.complete) message.destroy();
    });
  });
  server.maxConnections = limits.connectionsMax;
  return server;
}

function answer(table: RequestTable, message: IncomingMessage, response: ServerResponse): Promise<void> {
  const name = /^\/v1\/([A-Za-z]+)$/.exec(message.url ?? '')?.[1];
  const handler = message.method === 'POST' && name !== undefined ? table.get(name) : undefined;
  if (handler !== undefined) return handler(message, response);
  return Promise.reject(
    new Problem('not-found', `There is no request ${message.method} ${message.url} on this socket.`),
  );
}

/** A stream that has begun can only be cut: its reader must not take a part for the whole. */
function refuse(response: ServerResponse, problem: Problem): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  response.writeHead(problem.status, { 'content-type': 'application/problem+json' });
  response.end(JSON.stringify(problemDocument(problem)));
}

function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  return new Problem('internal', 'The agent met an error that it did not expect. Its log tells more.', {
    cause: error,
  });
}
