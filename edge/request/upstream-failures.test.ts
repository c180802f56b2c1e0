import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';

import { get } from '../test-client.ts';
import { startRawApplication, startTestApplication, startTestEdge } from '../test-edge.ts';
import { createTestEndpoint, createTestSite } from '../test-snapshot.ts';

const hostname = 'shop-staging.test';
/** Nothing listens on the discard port. */
const closedPort = 9;

test('The edge answers 502 when nothing listens, in the form that the client asks for', async (t) => {
  const edge = await startTestEdge(t);
  const site = createTestSite(hostname);
  await edge.serve([site], [createTestEndpoint(site, closedPort)]);
  const problem = await get(edge, hostname);
  const page = await get(edge, hostname, { headers: { Accept: 'text/html' } });
  assert.deepEqual([problem.status, problem.headers['content-type']], [502, 'application/problem+json']);
  assert.deepEqual([page.status, page.headers['content-type']], [502, 'text/html; charset=utf-8']);
  assert.ok(page.body.includes(String(page.headers['x-request-id'])));
  assert.deepEqual(
    (await edge.readLog()).map((line) => line.edgeReason),
    ['upstream-refused', 'upstream-refused'],
  );
});

test('The edge goes to another replica when one refuses, with a body too, and then passes the bad one over', async (t) => {
  const edge = await startTestEdge(t);
  const port = await startTestApplication(t, (request, response) => request.pipe(response));
  const site = createTestSite(hostname);
  await edge.serve([site], [createTestEndpoint(site, closedPort), createTestEndpoint(site, port, { replica: 1 })]);
  for (let index = 0; index < 20; index += 1) {
    const answer = await get(edge, hostname, { method: 'POST', body: `body ${index}` });
    assert.deepEqual([answer.status, answer.body], [200, `body ${index}`]);
  }
});

test('The edge hides a pooled connection that went stale, for requests that may be repeated', async (t) => {
  const edge = await startTestEdge(t);
  let connections = 0;
  const port = await startRawApplication(t, (socket) => {
    connections += 1;
    let requests = 0;
    socket.on('data', () => {
      requests += 1;
      // The second request on a connection finds it closed without an answer.
      if (requests > 1) socket.destroy();
      else socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok');
    });
  });
  const site = createTestSite(hostname);
  await edge.serve([site], [createTestEndpoint(site, port)]);
  for (let index = 0; index < 10; index += 1) assert.equal((await get(edge, hostname)).status, 200);
  assert.ok(connections >= 10);
});

test('The edge sends what may not be repeated once', async (t) => {
  const edge = await startTestEdge(t);
  let requests = 0;
  const port = await startRawApplication(t, (socket) => {
    socket.once('data', () => {
      requests += 1;
      socket.destroy();
    });
  });
  const site = createTestSite(hostname);
  await edge.serve([site], [createTestEndpoint(site, port)]);
  assert.equal((await get(edge, hostname, { method: 'POST' })).status, 502);
  assert.equal(requests, 1);
  assert.equal((await get(edge, hostname)).status, 502);
  assert.equal(requests, 3, 'a GET is repeated once');
});

test('The edge does not repeat a request of whose answer something has come', async (t) => {
  const edge = await startTestEdge(t);
  let requests = 0;
  const port = await startRawApplication(t, (socket) => {
    socket.once('data', () => {
      requests += 1;
      socket.end('HTTP/1.1 200 OK\r\nContent-');
    });
  });
  const site = createTestSite(hostname);
  await edge.serve([site], [createTestEndpoint(site, port)]);
  assert.equal((await get(edge, hostname)).status, 502);
  assert.equal(requests, 1);
});

const badAnswers = {
  'a flood of interim answers': 'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n'.repeat(10_000),
  'an unasked switch of protocols':
    'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\nevil',
  'a switch of protocols without a name':
    'HTTP/1.1 101 Switching Protocols\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n',
  'an unasked 100': 'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n',
  'two lengths': 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nokk',
  'a length beside a coding': 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
  'obs-fold': 'HTTP/1.1 200 OK\r\nX: a\r\n b\r\nContent-Length: 0\r\n\r\n',
  'a head that is too large': `HTTP/1.1 200 OK\r\nX: ${'a'.repeat(64 * 1024)}\r\nContent-Length: 0\r\n\r\n`,
  'something else than HTTP': 'SSH-2.0-OpenSSH_9.2\r\n\r\n',
} as const;

for (const [name, bytes] of Object.entries(badAnswers)) {
  test(`The edge answers 502 to ${name}`, async (t) => {
    const edge = await startTestEdge(t);
    const port = await startRawApplication(t, (socket) => void socket.once('data', () => socket.write(bytes)));
    const site = createTestSite(hostname);
    await edge.serve([site], [createTestEndpoint(site, port)]);
    const answer = await get(edge, hostname);
    assert.equal(answer.status, 502, answer.body);
    assert.equal((await edge.readLog())[0]?.component, 'web');
  });
}

test('The edge lets a few interim answers pass unseen', async (t) => {
  const edge = await startTestEdge(t);
  const hint = 'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n';
  const port = await startRawApplication(t, (socket) => {
    socket.once('data', () => socket.write(`${hint.repeat(3)}HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok`));
  });
  const site = createTestSite(hostname);
  await edge.serve([site], [createTestEndpoint(site, port)]);
  const answer = await get(edge, hostname);
  assert.deepEqual([answer.status, answer.body, answer.headers['link']], [200, 'ok', undefined]);
});

test('The edge ignores what an application sends behind its answer', async (t) => {
  const edge = await startTestEdge(t);
  const port = await startRawApplication(t, (socket) => {
    socket.on('data', () => {
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil');
    });
  });
  const site = createTestSite(hostname);
  await edge.serve([site], [createTestEndpoint(site, port)]);
  for (let index = 0; index < 5; index += 1) {
    const answer = await get(edge, hostname);
    assert.notEqual(answer.body, 'evil');
  }
});

test('The edge sends to the replica with the fewest open requests', async (t) => {
  const edge = await startTestEdge(t);
  const counts = [0, 0, 0];
  const waiting: (() => void)[] = [];
  const startReplica = (replica: number): Promise<number> =>
    startTestApplication(t, (_request, response) => {
      counts[replica] = (counts[replica] ?? 0) + 1;
      waiting.push(() => response.end('ok'));
      if (waiting.length === 9) for (const answer of waiting) answer();
    });
  const ports = await Promise.all([0, 1, 2].map(startReplica));
  const site = createTestSite(hostname);
  await edge.serve(
    [site],
    ports.map((port, replica) => createTestEndpoint(site, port, { replica })),
  );
  await Promise.all(Array.from({ length: 9 }, () => get(edge, hostname)));
  assert.deepEqual(counts, [3, 3, 3]);
});

test('Pools of the edge are of one environment and release: a new release gets connections of its own', async (t) => {
  const edge = await startTestEdge(t);
  let connections = 0;
  let closed: (() => void) | undefined;
  const port = await startRawApplication(t, (socket) => {
    connections += 1;
    socket.on('data', () => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'));
    void once(socket, 'close').then(() => closed?.());
  });
  const before = createTestSite(hostname);
  await edge.serve([before], [createTestEndpoint(before, port)]);
  await get(edge, hostname);
  await get(edge, hostname);
  assert.equal(connections, 1, 'requests of one release share a connection');

  const whenClosed = new Promise<void>((resolve) => (closed = resolve));
  const after = createTestSite(hostname, { environmentId: before.environmentId });
  await edge.serve([after], [createTestEndpoint(after, port)]);
  await whenClosed;
  await get(edge, hostname);
  assert.equal(connections, 2, 'the same address serves another release over another connection');
});
