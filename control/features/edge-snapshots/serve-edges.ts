import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';

import { SnapshotAck } from '@ringfort/contracts/edge-snapshot.ts';
import { problemDocument } from '@ringfort/contracts/problem-document.ts';
import { Problem } from '@ringfort/contracts/problem.ts';
import type { Clock } from '@ringfort/kit/clock.ts';
import type { Log } from '@ringfort/kit/log.ts';

import type { Database } from '../../db/database.ts';
import { readBounded } from '../../read-ndjson.ts';
import { edgeServerLimits as limits } from './limits.ts';
import type { NewestSnapshot } from './newest-snapshot.ts';
import { pollSnapshot } from './poll-snapshot.ts';
import { saveEdge } from './store.ts';

/**
 * The server of the edges' socket: `GET /v1/snapshot?after=<version>` waits for a newer snapshot, `POST /v1/snapshot-acks` tells which one
 * is served. Who may connect is decided by the socket's folder. The caller listens and closes.
 */
export function serveEdges(options: EdgeServerOptions): Server {
  const server = createServer(
    { headersTimeout: limits.headersMsMax, requestTimeout: limits.headersMsMax },
    (request, response) => {
      answer(request, response, options).catch((error: unknown) => sendError(response, error, options.log));
    },
  );
  server.maxConnections = limits.connectionsMax;
  return server;
}

export type EdgeServerOptions = {
  /** As the reconcilers' role. */
  readonly database: Database;
  readonly newest: NewestSnapshot;
  readonly edgeIds: readonly string[];
  readonly clock: Clock;
  readonly log: Log;
  /** Wakes those who wait for acknowledgements. */
  readonly onAck: () => void;
  /** Ends open polls when control stops. */
  readonly stopping: AbortSignal;
};

async function answer(request: IncomingMessage, response: ServerResponse, options: EdgeServerOptions): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://control');
  if (request.method === 'GET' && url.pathname === '/v1/snapshot') return sendSnapshot(url, response, options);
  if (request.method === 'POST' && url.pathname === '/v1/snapshot-acks') return takeAck(request, response, options);
  throw new Problem('not-found', `There is no “${request.method ?? ''} ${url.pathname}” here.`);
}

async function sendSnapshot(url: URL, response: ServerResponse, options: EdgeServerOptions): Promise<void> {
  const after = Number(url.searchParams.get('after') ?? '0');
  if (!Number.isSafeInteger(after) || after < 0) throw new Problem('input-invalid', '“after” is not a version.');
  const named = url.searchParams.get('edge');
  // A poll without a name may come from any edge, so all count as running: the switch of traffic then waits for each of them.
  const edgeIds = named === null ? options.edgeIds : options.edgeIds.filter((edgeId) => edgeId === named);
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  const signal = AbortSignal.any([gone.signal, options.stopping]);
  const snapshot = await pollSnapshot({ ...options, after, edgeIds, signal });
  if (snapshot === undefined) return void response.writeHead(204).end();
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(snapshot));
}

async function takeAck(request: IncomingMessage, response: ServerResponse, options: EdgeServerOptions): Promise<void> {
  const text = await readBounded(request, limits.ackBytesMax);
  const parsed = SnapshotAck.safeParse(parseJson(text));
  if (!parsed.success) throw new Problem('input-invalid', 'The acknowledgement is not of the documented form.');
  const { edgeId, version } = parsed.data;
  if (!options.edgeIds.includes(edgeId)) throw new Problem('input-invalid', `There is no edge “${edgeId}”.`);
  await saveEdge(options.database, { edgeId, atMs: options.clock.nowMs(), ackedVersion: version });
  response.writeHead(204).end();
  options.onAck();
}

function sendError(response: ServerResponse, error: unknown, log: Log): void {
  const isProblem = error instanceof Problem;
  if (!isProblem) log.error('A request of an edge failed', { error });
  const problem = isProblem ? error : new Problem('internal', 'The request failed.', { cause: error });
  if (response.headersSent) return void response.destroy();
  response.writeHead(problem.status, { 'content-type': 'application/problem+json' });
  response.end(JSON.stringify(problemDocument(problem)));
}

function parseJson(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch {
    return undefined;
  }
}
