import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect as connectTcp } from 'node:net';
import { test } from 'node:test';

import { connectTls, readAll, statusOf } from '../test-client.ts';
import { startRawApplication, startTestApplication, startTestEdge } from '../test-edge.ts';
import { createTestEndpoint, createTestSite } from '../test-snapshot.ts';

const hostname = 'shop-staging.test';

test('The edge gives up on a head that arrives too slowly', async (t) => {
  const edge = await startTestEdge(t, {
    limits: { headTimeoutMs: 200, requestTimeoutMs: 1_000, timeoutCheckIntervalMs: 50 },
  });
  await edge.serve([createTestSite(hostname)], []);
  const socket = await connectTls(edge, hostname);
  const answer = readAll(socket);
  socket.write(`GET / HTTP/1.1\r\nHost: ${hostname}\r\n`);
  const drip = setInterval(() => socket.write('X-Slow: y\r\n'), 50);
  t.after(() => clearInterval(drip));
  assert.equal(statusOf(await answer), 408);
  assert.deepEqual(
    (await edge.readLog()).map((line) => line.edgeReason),
    ['head-timeout'],
  );
});

test('The edge gives up on a handshake that does not come', async (t) => {
  const edge = await startTestEdge(t, { limits: { handshakeTimeoutMs: 200 } });
  const socket = connectTcp(edge.edge.httpsPort, '127.0.0.1');
  await once(socket, 'close');
  assert.equal(socket.bytesRead, 0);
});

test('The edge closes a connection that stays idle', async (t) => {
  const edge = await startTestEdge(t, { limits: { keepAliveTimeoutMs: 100 } });
  const port = await startTestApplication(t, (_request, response) => response.end('ok'));
  const site = createTestSite(hostname);
  await edge.serve([site], [createTestEndpoint(site, port)]);
  const socket = await connectTls(edge, hostname);
  const answer = readAll(socket);
  socket.write(`GET / HTTP/1.1\r\nHost: ${hostname}\r\n\r\n`);
  assert.equal(statusOf(await answer), 200);
});

test('The edge gives up on a body that stands still, and ends it for the application too', async (t) => {
  const edge = await startTestEdge(t, { limits: { bodyIdleMsMax: 100, stallCheckIntervalMs: 20, lingerMs: 20 } });
  let ended: (() => void) | undefined;
  const whenEnded = new Promise<void>((resolve) => (ended = resolve));
  const port = await startRawApplication(t, (socket) => {
    socket.resume();
    socket.on('close', () => ended?.());
  });
  const site = createTestSite(hostname);
  await edge.serve([site], [createTestEndpoint(site, port)]);
  const socket = await connectTls(edge, hostname);
  const answer = readAll(socket);
  socket.write(`POST / HTTP/1.1\r\nHost: ${hostname}\r\nContent-Length: 10\r\n\r\nhello`);
  assert.equal(statusOf(await answer), 408);
  await whenEnded;
  assert.deepEqual(
    (await edge.readLog()).map((line) => line.edgeReason),
    ['body-timeout'],
  );
});

test('The edge gives up on a body that drips', async (t) => {
  const limits = { bodyGraceMs: 200, bodyBytesPerSecondMin: 1_000, stallCheckIntervalMs: 20, lingerMs: 20 };
  const edge = await startTestEdge(t, { limits });
  const port = await startRawApplication(t, (socket) => void socket.resume());
  const site = createTestSite(hostname);
  await edge.serve([site], [createTestEndpoint(site, port)]);
  const socket = await connectTls(edge, hostname);
  socket.on('error', () => undefined);
  const answer = readAll(socket);
  socket.write(`POST / HTTP/1.1\r\nHost: ${hostname}\r\nContent-Length: 1000\r\n\r\n`);
  const drip = setInterval(() => socket.write('a'), 20);
  t.after(() => clearInterval(drip));
  assert.equal(statusOf(await answer), 408);
});

test('The edge cuts off a client that does not take its answer', async (t) => {
  const edge = await startTestEdge(t, { limits: { readIdleMsMax: 200, stallCheckIntervalMs: 20 } });
  const port = await startTestApplication(t, (_request, response) => response.end(Buffer.alloc(64 * 1024 * 1024)));
  const site = createTestSite(hostname);
  await edge.serve([site], [createTestEndpoint(site, port)]);
  const socket = await connectTls(edge, hostname);
  socket.on('error', () => undefined);
  socket.pause();
  socket.write(`GET / HTTP/1.1\r\nHost: ${hostname}\r\n\r\n`);
  const deadline = Date.now() + 10_000;
  let lines = await edge.readLog();
  while (lines.length === 0 && Date.now() < deadline) {
    await new Promise((resolve) => setImmediate(resolve));
    lines = await edge.readLog();
  }
  assert.deepEqual(
    lines.map((line) => [line.status, line.edgeReason]),
    [[200, 'client-stalled']],
  );
  socket.destroy();
});

test('The edge leaves an application alone that has nothing to say yet', async (t) => {
  const edge = await startTestEdge(t, { limits: { readIdleMsMax: 50, bodyIdleMsMax: 50, stallCheckIntervalMs: 10 } });
  const port = await startTestApplication(t, (request, response) => {
    request.resume();
    request.on('end', () => setTimeout(() => response.end('late'), 300));
  });
  const site = createTestSite(hostname);
  await edge.serve([site], [createTestEndpoint(site, port)]);
  const socket = await connectTls(edge, hostname);
  const answer = readAll(socket);
  socket.write(`POST / HTTP/1.1\r\nHost: ${hostname}\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok`);
  assert.ok((await answer).endsWith('late'));
});
