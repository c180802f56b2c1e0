import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { test } from 'node:test';

import { Problem } from '@ringfort/contracts/problem.ts';

import { createApiClient, type ApiClient } from './api-client.ts';
import { ConnectionFailure } from './connection-failure.ts';
import { Failure } from './failure.ts';
import { RemoteProblem } from './remote-problem.ts';
import { standInApi } from './stand-in-api.ts';

const id = '01890000-0000-7000-8000-000000000001';
const createdAt = '2026-01-01T00:00:00.000Z';
const project = { id, slug: 'guestbook', createdAt };

test('call() sends parameters in the path, the query, the token and an idempotency key, and gives the typed answer', async () => {
  const seen: unknown[] = [];
  await using server = await standInApi({
    createProject: ({ params, body, headers }) => {
      seen.push(params, body, headers.authorization, headers['idempotency-key']);
      return project;
    },
    listProjects: ({ query }) => {
      seen.push(query);
      return { items: [project], next: null };
    },
  });
  await using client = open(server.url);
  const made = await client.call('createProject', { params: { workspace: 'main' }, body: { slug: 'guestbook' } });
  const slug: string = made.slug;
  const list = await client.call('listProjects', { params: { workspace: 'main' }, query: { limit: 7 } });
  assert.equal(slug, 'guestbook');
  assert.equal(list.items[0]?.id, id);
  assert.deepEqual(seen, [{ workspace: 'main' }, { slug: 'guestbook' }, 'Bearer rf_test', 'key-1', { limit: 7 }]);
});

test('call() refuses what the contract refuses before anything is sent, naming the field', async () => {
  await using server = await standInApi({});
  await using client = open(server.url);
  await assert.rejects(
    client.call('createProject', { params: { workspace: 'main' }, body: { slug: 'No Slug' } }),
    (error) => error instanceof Problem && error.code === 'input-invalid' && error.fields[0]?.path === 'slug',
  );
  assert.deepEqual(server.requests, []);
});

test('call() turns problem+json into the problem with its request id', async () => {
  await using server = await standInApi({
    readMe: () => {
      throw new Problem('token-invalid', 'The token is not known.');
    },
  });
  await using client = open(server.url);
  await assert.rejects(
    client.call('readMe', {}),
    (error) =>
      error instanceof RemoteProblem &&
      error.code === 'token-invalid' &&
      error.requestId === '01890000-0000-7000-8000-00000000abcd',
  );
});

test('call() repeats a request with the same idempotency key when the connection is cut', async () => {
  const keys: unknown[] = [];
  await using server = await standInApi({
    createProject: ({ headers }) => {
      keys.push(headers['idempotency-key']);
      if (keys.length < 3) throw new Error('Cut the connection');
      return project;
    },
  });
  await using client = open(server.url);
  await client.call('createProject', { params: { workspace: 'main' }, body: { slug: 'guestbook' } });
  assert.deepEqual(keys, ['key-1', 'key-1', 'key-1']);
});

test('call() says that the platform does not answer when nobody listens', async () => {
  const server = await standInApi({});
  await server[Symbol.asyncDispose]();
  await using client = open(server.url);
  await assert.rejects(
    client.call('readMe', {}),
    (error) => error instanceof ConnectionFailure && error.exitCode === 69 && error.message.includes('ECONNREFUSED'),
  );
});

test('call() refuses an answer that is not of the contract’s form', async () => {
  const { createServer } = await import('node:http');
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end('{"control":"sideways"}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  assert.ok(address !== null && typeof address === 'object');
  await using client = open(new URL(`http://127.0.0.1:${address.port}`));
  await assert.rejects(client.call('readHealth', {}), Failure);
  server.closeAllConnections();
  server.close();
});

test('send() streams the bytes with their length', async () => {
  let received = '';
  await using server = await standInApi({
    uploadSource: ({ bytes, headers }) => {
      received = `${headers['content-length']} ${bytes.toString()}`;
      return { sourceDigest: 'a'.repeat(64), sizeBytes: bytes.length };
    },
  });
  await using client = open(server.url);
  const source = (): Readable => Readable.from([Buffer.from('some '), Buffer.from('bytes')]);
  const answer = await client.send('uploadSource', { params: { workspace: 'main' }, source, sizeBytes: 10 });
  assert.equal(answer.sizeBytes, 10);
  assert.equal(received, '10 some bytes');
});

test('stream() gives the lines as they come and rejects when the connection is cut', async () => {
  const event = { type: 'progress', id: 'isolation.environment', message: 'Looking' } as const;
  await using server = await standInApi({ runControls: () => [event, event, new Error('Cut the connection')] });
  await using client = open(server.url);
  const seen: unknown[] = [];
  await assert.rejects(async () => {
    for await (const line of client.stream('runControls', { body: {} })) seen.push(line.type);
  }, ConnectionFailure);
  assert.deepEqual(seen, ['progress', 'progress']);
  assert.deepEqual(server.requests, ['POST /v1/control-runs']);
});

function open(url: URL): ApiClient & AsyncDisposable {
  const chance = { key: () => 'key-1', fraction: () => 0 };
  const client = createApiClient({ url, token: 'rf_test', ca: undefined }, chance);
  return { ...client, [Symbol.asyncDispose]: client.close };
}
