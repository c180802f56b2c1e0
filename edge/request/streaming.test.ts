import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { buffer, text } from 'node:stream/consumers';
import { test } from 'node:test';

import { connectTls, get, open, sendRaw } from '../test-client.ts';
import { startRawApplication, startTestApplication, startTestEdge } from '../test-edge.ts';
import { createTestEndpoint, createTestSite } from '../test-snapshot.ts';

const hostname = 'shop-staging.test';
const mebibyte = 1024 * 1024;

function nextChunk(response: IncomingMessage): Promise<string> {
  return new Promise((resolve) => response.once('data', (chunk: Buffer) => resolve(chunk.toString())));
}

test('The edge passes server-sent events on as they come, and the head before the first', async (t) => {
  const edge = await startTestEdge(t);
  let send: ((event: string) => void) | undefined;
  let end: (() => void) | undefined;
  const port = await startTestApplication(t, (_request, response) => {
    response.writeHead(200, { 'Content-Type': 'text/event-stream' });
    response.flushHeaders();
    send = (event) => void response.write(`data: ${event}\n\n`);
    end = () => void response.end();
  });
  const site = createTestSite(hostname);
  await edge.serve([site], [createTestEndpoint(site, port)]);

  const response = await open(edge, hostname);
  assert.equal(response.headers['content-type'], 'text/event-stream');
  for (const event of ['one', 'two', 'three']) {
    send?.(event);
    assert.equal(await nextChunk(response), `data: ${event}\n\n`);
  }
  end?.();
  await once(response, 'end');
});

test('The edge streams large bodies both ways unchanged', async (t) => {
  const edge = await startTestEdge(t);
  const port = await startTestApplication(t, (request, response) => request.pipe(response));
  const site = createTestSite(hostname);
  await edge.serve([site], [createTestEndpoint(site, port)]);
  const body = randomBytes(20 * mebibyte);
  const response = await open(edge, hostname, { method: 'POST', body });
  const echoed = await buffer(response);
  const digest = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');
  assert.equal(digest(echoed), digest(body));
  const [line] = await edge.readLog();
  assert.deepEqual([line?.requestBytes, line?.responseBytes], [body.length, body.length]);
});

test('The edge holds the application back when the client does not read', async (t) => {
  const edge = await startTestEdge(t);
  let written = 0;
  let stalled: (() => void) | undefined;
  const whenStalled = new Promise<void>((resolve) => (stalled = resolve));
  const total = 256 * mebibyte;
  const port = await startRawApplication(t, (socket) => {
    const chunk = Buffer.alloc(mebibyte);
    const pump = (): void => {
      while (written < total) {
        written += chunk.length;
        if (socket.write(chunk)) continue;
        const timer = setTimeout(() => stalled?.(), 300);
        socket.once('drain', () => {
          clearTimeout(timer);
          pump();
        });
        return;
      }
    };
    socket.once('data', () => {
      socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${total}\r\n\r\n`);
      pump();
    });
  });
  const site = createTestSite(hostname);
  await edge.serve([site], [createTestEndpoint(site, port)]);
  const socket = await connectTls(edge, hostname);
  socket.pause();
  socket.write(`GET / HTTP/1.1\r\nHost: ${hostname}\r\n\r\n`);
  await whenStalled;
  assert.ok(written < 64 * mebibyte, `the application could send ${written} bytes`);
  socket.destroy();
});

test('The edge holds the client back when the application does not read', async (t) => {
  const edge = await startTestEdge(t);
  const port = await startRawApplication(t, (socket) => socket.pause());
  const site = createTestSite(hostname);
  await edge.serve([site], [createTestEndpoint(site, port)]);
  const socket = await connectTls(edge, hostname);
  socket.on('error', () => undefined);
  socket.write(`POST / HTTP/1.1\r\nHost: ${hostname}\r\nContent-Length: ${256 * mebibyte}\r\n\r\n`);
  const chunk = Buffer.alloc(mebibyte);
  let sent = 0;
  while (sent < 256) {
    sent += 1;
    if (socket.write(chunk)) continue;
    const drained = await Promise.race([
      once(socket, 'drain').then(() => true),
      new Promise<boolean>((resolve) => setTimeout(() => resolve(false), 300)),
    ]);
    if (!drained) break;
  }
  assert.ok(sent < 64, `the client could send ${sent} MiB`);
  socket.destroy();
});

test('The edge answers HEAD, 204 and 304 without a body and keeps the connection', async (t) => {
  const edge = await startTestEdge(t);
  const port = await startTestApplication(t, (request, response) => {
    if (request.url === '/204') response.writeHead(204).end();
    else if (request.url === '/304') response.writeHead(304, { ETag: '"a"' }).end();
    else response.writeHead(200, { 'Content-Length': '5' }).end('hello');
  });
  const site = createTestSite(hostname);
  await edge.serve([site], [createTestEndpoint(site, port)]);
  const line = (method: string, path: string, close = ''): string =>
    `${method} ${path} HTTP/1.1\r\nHost: ${hostname}\r\n${close}\r\n`;
  const requests = [
    line('HEAD', '/'),
    line('GET', '/204'),
    line('GET', '/304'),
    line('GET', '/', 'Connection: close\r\n'),
  ];
  const answer = await sendRaw(edge, hostname, requests.join(''));
  assert.deepEqual(answer.match(/HTTP\/1\.1 \d{3}/g), ['HTTP/1.1 200', 'HTTP/1.1 204', 'HTTP/1.1 304', 'HTTP/1.1 200']);
  assert.equal(answer.match(/hello/g)?.length, 1);
});

test('The edge serves HTTP/1.0 clients without chunks', async (t) => {
  const edge = await startTestEdge(t);
  const port = await startTestApplication(t, (_request, response) => {
    response.write('one ');
    setImmediate(() => response.end('two'));
  });
  const site = createTestSite(hostname);
  await edge.serve([site], [createTestEndpoint(site, port)]);
  const answer = await sendRaw(edge, hostname, `GET / HTTP/1.0\r\nHost: ${hostname}\r\n\r\n`);
  assert.doesNotMatch(answer, /Transfer-Encoding/i);
  assert.ok(answer.endsWith('\r\n\r\none two'), answer);
  assert.equal((await edge.readLog())[0]?.httpVersion, '1.0');
});

test('The edge asks for the body with 100 Continue only when the application is there to take it', async (t) => {
  const edge = await startTestEdge(t);
  const port = await startTestApplication(t, (request, response) => void request.pipe(response));
  const site = createTestSite(hostname);
  const empty = createTestSite('empty-staging.test', { releaseId: null });
  await edge.serve([site, empty], [createTestEndpoint(site, port)]);
  const expect = async (name: string): Promise<readonly [boolean, number | undefined, string]> => {
    const asking = httpsRequest({
      host: '127.0.0.1',
      port: edge.edge.httpsPort,
      servername: name,
      ca: edge.authority.caPem(name),
      method: 'PUT',
      headers: { Host: name, Expect: '100-continue', 'Content-Length': '5' },
      agent: false,
    });
    let isAsked = false;
    asking.on('continue', () => {
      isAsked = true;
      asking.end('hello');
    });
    asking.flushHeaders();
    const response = await new Promise<IncomingMessage>((resolve) => asking.on('response', resolve));
    const body = await text(response);
    return [isAsked, response.statusCode, body];
  };
  assert.deepEqual(await expect(hostname), [true, 200, 'hello']);
  const [isAsked, status] = await expect('empty-staging.test');
  assert.deepEqual([isAsked, status], [false, 503]);
});

test('The edge refuses more than its limit, announced or not', async (t) => {
  const edge = await startTestEdge(t, { limits: { bodyBytesMax: 1000, lingerMs: 50 } });
  const bodies: number[] = [];
  const port = await startTestApplication(t, (request, response) => {
    request.on('end', () => bodies.push(1));
    request.resume();
    request.on('end', () => response.end('ok'));
    request.on('error', () => undefined);
  });
  const site = createTestSite(hostname);
  await edge.serve([site], [createTestEndpoint(site, port)]);
  const announced = await get(edge, hostname, { method: 'POST', body: 'a'.repeat(1001) });
  const chunked = await get(edge, hostname, {
    method: 'POST',
    body: 'a'.repeat(1001),
    headers: { 'Transfer-Encoding': 'chunked' },
  });
  const fitting = await get(edge, hostname, { method: 'POST', body: 'a'.repeat(1000) });
  assert.deepEqual([announced.status, chunked.status, fitting.status], [413, 413, 200]);
  assert.deepEqual(bodies, [1]);
});

test('The edge ends the request to the application when the client goes away', async (t) => {
  const edge = await startTestEdge(t);
  let gone: (() => void) | undefined;
  let asked: (() => void) | undefined;
  const whenGone = new Promise<void>((resolve) => (gone = resolve));
  const whenAsked = new Promise<void>((resolve) => (asked = resolve));
  const port = await startTestApplication(t, (request) => {
    request.socket.on('close', () => gone?.());
    asked?.();
  });
  const site = createTestSite(hostname);
  await edge.serve([site], [createTestEndpoint(site, port)]);
  const socket = await connectTls(edge, hostname);
  socket.write(`GET /slow HTTP/1.1\r\nHost: ${hostname}\r\n\r\n`);
  await whenAsked;
  socket.destroy();
  await whenGone;
  const [line] = await edge.readLog();
  assert.deepEqual([line?.path, line?.status, line?.edgeReason], ['/slow', 499, 'client-aborted']);
});

test('The edge cuts an answer that the application broke off, so that nobody takes it for whole', async (t) => {
  const edge = await startTestEdge(t);
  const port = await startRawApplication(t, (socket) => {
    socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello'));
  });
  const site = createTestSite(hostname);
  await edge.serve([site], [createTestEndpoint(site, port)]);
  await assert.rejects(get(edge, hostname), /aborted|socket hang up|ECONNRESET/);
  const [line] = await edge.readLog();
  assert.equal(line?.component, 'web');
  assert.notEqual(line?.edgeReason, null);
});
