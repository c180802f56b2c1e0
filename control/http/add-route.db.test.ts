import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { after, afterEach, before, beforeEach, test } from 'node:test';

import { api } from '@ringfort/contracts/api/api.ts';
import { createLog } from '@ringfort/kit/log.ts';
import { uuidv7 } from '@ringfort/kit/uuid.ts';
import Fastify, { type FastifyInstance } from 'fastify';
import { Client } from 'undici';

import { startTestDatabases, type TestDatabase, type TestDatabases } from '../db/test-database.ts';
import { controlLimits } from '../limits.ts';
import type { HandlerRequest, RouteHandler } from '../route-handler.ts';
import { issueTestToken } from '../test-api.ts';
import { addRoute } from './add-route.ts';
import { listenSocket } from './listen-socket.ts';
import { createStreamLimit } from './stream-limit.ts';

let databases: TestDatabases;
let database: TestDatabase;
let folder: string;
let token: string;
let app: FastifyInstance;
let client: Client;
let stopping: AbortController;
const newId = (): string => uuidv7(Date.now());

before(async () => {
  databases = await startTestDatabases();
  database = await databases.create();
  token = await issueTestToken(database, newId);
  folder = mkdtempSync(join(tmpdir(), 'ringfort-route-'));
});
beforeEach(() => {
  stopping = new AbortController();
});
afterEach(async () => {
  stopping.abort();
  await client.destroy();
  await app.close();
});
after(async () => {
  await database.close();
  await databases.stop();
  rmSync(folder, { recursive: true, force: true });
});

type Handle = RouteHandler['handle'];

/** Serves one route alone, with a handler of the test. */
async function serve(route: RouteHandler['route'], handle: Handle): Promise<void> {
  app = Fastify({ genReqId: newId });
  app.addContentTypeParser('application/gzip', (_request, payload, done) => done(null, payload));
  addRoute(app, {
    route,
    handler: { route, handle },
    services: {
      database: database.runtime,
      clock: { nowMs: Date.now },
      newId,
      nudge: async () => undefined,
      log: createLog({ program: 'test', clock: { nowMs: Date.now }, write: () => undefined }),
      stopping: stopping.signal,
    },
    takeRequest: () => undefined,
    takeStream: createStreamLimit(),
  });
  await app.ready();
  const socketPath = join(folder, 'api.sock');
  await listenSocket(app.server, socketPath);
  client = new Client('http://api', { socketPath, pipelining: 1 });
}

const logs = '/v1/workspaces/main/projects/a/environments/b/logs';
const follow = (signal?: AbortSignal): ReturnType<Client['request']> =>
  client.request({
    method: 'GET',
    path: logs,
    headers: { authorization: `Bearer ${token}` },
    ...(signal ? { signal } : {}),
  });

/** Lines that go on until the signal of their request is aborted, with a promise for that moment. */
function endless(): { readonly handle: Handle; readonly ended: Promise<unknown> } {
  const witness = new AbortController();
  const ended = once(witness.signal, 'abort');
  const handle: Handle = async ({ signal }) => {
    signal.addEventListener('abort', () => witness.abort(), { once: true });
    async function* lines(): AsyncGenerator {
      yield { at: new Date(0).toISOString(), source: 'web.0', stream: 'stdout', line: 'hello' };
      await once(signal, 'abort');
    }
    return { status: 200, lines: lines() };
  };
  return { handle, ended };
}

test('addRoute() ends a stream at its source when the client goes away', async () => {
  const { handle, ended } = endless();
  await serve(api.streamLogs, handle);
  const gone = new AbortController();
  const answer = await follow(gone.signal);
  assert.equal(answer.headers['content-type'], 'application/x-ndjson');
  answer.body.on('error', () => undefined);
  await once(answer.body, 'readable');
  gone.abort();
  await ended;
});

test('addRoute() ends open streams whole when the program stops', async () => {
  const { handle } = endless();
  await serve(api.streamLogs, handle);
  const answer = await follow();
  await once(answer.body, 'readable');
  stopping.abort();
  assert.match(await answer.body.text(), /"line":"hello"\}\n$/u);
});

test('addRoute() lets one token follow so many streams and no more', async () => {
  const { handle } = endless();
  await serve(api.streamLogs, handle);
  const path = { socketPath: join(folder, 'api.sock') };
  const clients = Array.from({ length: controlLimits.streamsPerTokenMax + 1 }, () => new Client('http://api', path));
  const headers = { authorization: `Bearer ${token}` };
  const answers = await Promise.all(clients.map((one) => one.request({ method: 'GET', path: logs, headers })));
  const codes = answers.map((answer) => answer.statusCode).filter((code) => code !== 200);
  assert.equal(codes.length, 1);
  for (const answer of answers) answer.body.on('error', () => undefined);
  await Promise.all(clients.map((one) => one.destroy()));
});

test('addRoute() hands an upload on as it comes, and refuses it before its body is sent without a token', async () => {
  const received: Buffer[] = [];
  await serve(api.uploadSource, async ({ bytes }: HandlerRequest) => {
    if (bytes !== undefined) received.push(await buffer(bytes));
    return { status: 201, body: { sourceDigest: 'a'.repeat(64), sizeBytes: received[0]?.length } };
  });
  const path = '/v1/workspaces/main/sources';
  const headers = { 'content-type': 'application/gzip' };
  const body = (): Readable => Readable.from([Buffer.alloc(100_000, 1), Buffer.alloc(50_000, 2)]);
  const refused = await client.request({ method: 'POST', path, headers, body: body() });
  assert.equal(refused.statusCode, 401);
  await refused.body.dump();
  assert.equal(received.length, 0);
  const signed = { ...headers, authorization: `Bearer ${token}` };
  const taken = await client.request({ method: 'POST', path, headers: signed, body: body() });
  assert.equal(taken.statusCode, 201);
  assert.equal(received[0]?.length, 150_000);
});
