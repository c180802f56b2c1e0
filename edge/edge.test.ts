import assert from 'node:assert/strict';
import { test } from 'node:test';

import { connectTls, get, readAll } from './test-client.ts';
import { startTestApplication, startTestEdge } from './test-edge.ts';
import { createTestEndpoint, createTestSite } from './test-snapshot.ts';

const hostname = 'shop-staging.test';

test('startEdge() listens before control has answered for the first time, and serves nothing yet', async (t) => {
  const edge = await startTestEdge(t);
  assert.equal(edge.edge.version(), 0);
  await assert.rejects(get(edge, hostname));
});

test('startEdge() serves an application of the snapshot over TLS and logs it', async (t) => {
  const edge = await startTestEdge(t);
  const port = await startTestApplication(t, (request, response) => response.end(request.url));
  const site = createTestSite(hostname);
  await edge.serve([site], [createTestEndpoint(site, port)]);
  const answer = await get(edge, hostname, { path: '/a?b=c', headers: { 'User-Agent': 'test' } });
  assert.deepEqual([answer.status, answer.body], [200, '/a?b=c']);
  const [line, ...others] = await edge.readLog();
  assert.deepEqual(others, []);
  assert.deepEqual(
    { ...line, at: '', requestId: '', clientPort: 0, durationMs: 0, upstreamMs: 0 },
    {
      v: 1,
      at: '',
      requestId: '',
      edge: 'edge-1',
      workspaceId: site.workspaceId,
      environmentId: site.environmentId,
      releaseId: site.releaseId,
      component: 'web',
      clientAddress: '127.0.0.1',
      clientPort: 0,
      scheme: 'https',
      httpVersion: '1.1',
      method: 'GET',
      host: hostname,
      path: '/a',
      query: 'b=c',
      status: 200,
      edgeReason: null,
      requestBytes: 0,
      responseBytes: 6,
      durationMs: 0,
      upstreamMs: 0,
      upgraded: false,
      tlsVersion: 'TLSv1.3',
      userAgent: 'test',
      referer: '',
    },
  );
});

test('The edge lets an open request end, takes no new connection, and logs what it has to cut', async (t) => {
  const edge = await startTestEdge(t, { limits: { drainMs: 500 } });
  const waiting: (() => void)[] = [];
  let arrived: (() => void) | undefined;
  const port = await startTestApplication(t, (request, response) => {
    if (request.url === '/ends') waiting.push(() => response.end('ended'));
    arrived?.();
  });
  const site = createTestSite(hostname);
  await edge.serve([site], [createTestEndpoint(site, port)]);
  const ask = async (path: string): Promise<Promise<string>[]> => {
    const socket = await connectTls(edge, hostname);
    const whenArrived = new Promise<void>((resolve) => (arrived = resolve));
    socket.write(`GET ${path} HTTP/1.1\r\nHost: ${hostname}\r\n\r\n`);
    await whenArrived;
    return [readAll(socket)];
  };
  const [[ending], [hanging]] = [await ask('/ends'), await ask('/hangs')];
  const stopped = edge.edge.stop();
  await assert.rejects(connectTls(edge, hostname));
  for (const answer of waiting) answer();
  assert.match((await ending) ?? '', /ended$/);
  assert.equal(await hanging, '');
  await stopped;
  const lines = await edge.readLog();
  assert.deepEqual(
    lines.map((line) => [line.path, line.edgeReason]),
    [
      ['/ends', null],
      ['/hangs', 'edge-stopped'],
    ],
  );
});
