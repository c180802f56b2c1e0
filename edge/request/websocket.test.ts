import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { test, type TestContext } from 'node:test';
import type { TLSSocket } from 'node:tls';

import { connectTls, sendRaw, statusOf } from '../test-client.ts';
import { startRawApplication, startTestEdge, type TestEdge } from '../test-edge.ts';
import { createTestEndpoint, createTestSite } from '../test-snapshot.ts';
import { acceptFor } from './websocket-handshake.ts';

const hostname = 'shop-staging.test';
const key = 'dGhlIHNhbXBsZSBub25jZQ==';
const handshake = [
  'GET /chat HTTP/1.1',
  `Host: ${hostname}`,
  'Connection: Upgrade',
  'Upgrade: websocket',
  'Sec-WebSocket-Version: 13',
  `Sec-WebSocket-Key: ${key}`,
].join('\r\n');

function switching(accept: string, fields = ''): string {
  return `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n${fields}\r\n`;
}

/** An edge whose application does `serve` with each connection, given the head of the request. */
async function startScene(t: TestContext, serve: (socket: Socket, head: string) => void): Promise<TestEdge> {
  const edge = await startTestEdge(t);
  const port = await startRawApplication(t, (socket) => {
    socket.once('data', (chunk: Buffer) => serve(socket, chunk.toString('latin1')));
  });
  const site = createTestSite(hostname);
  await edge.serve([site], [createTestEndpoint(site, port)]);
  return edge;
}

/** Reads until what was read ends so. */
async function readUntil(socket: TLSSocket, end: string): Promise<string> {
  let read = '';
  while (!read.endsWith(end)) {
    read += await new Promise<string>((resolve) => {
      socket.once('data', (chunk: Buffer) => resolve(chunk.toString('latin1')));
    });
  }
  return read;
}

test('The edge joins both sides after a good handshake, early bytes included, and logs the tunnel once it ends', async (t) => {
  let head = '';
  const edge = await startScene(t, (socket, chunk) => {
    head = chunk;
    socket.write(`${switching(acceptFor(key))}hi`);
    socket.on('data', (data: Buffer) => socket.write(data));
    socket.on('end', () => socket.end());
  });
  const socket = await connectTls(edge, hostname);
  socket.write(`${handshake}\r\nX-Forwarded-For: 6.6.6.6\r\nConnection: X-Internal\r\nX-Internal: 1\r\n\r\nearly`);
  const answer = await readUntil(socket, '\r\n\r\nhiearly');
  assert.equal(statusOf(answer), 101);
  assert.match(answer, /\r\nX-Request-Id: /);
  assert.match(head, /^GET \/chat HTTP\/1\.1\r\n/);
  assert.match(head, /\r\nconnection: upgrade\r\nupgrade: websocket\r\n/i);
  assert.match(head, /\r\nX-Forwarded-For: 127\.0\.0\.1\r\n/);
  assert.doesNotMatch(head, /6\.6\.6\.6|X-Internal|early/);
  socket.write('ping');
  await readUntil(socket, 'ping');
  assert.equal((await edge.readLog()).length, 0);
  socket.end();
  await once(socket, 'close');
  const [line] = await edge.readLog();
  assert.deepEqual([line?.status, line?.upgraded, line?.edgeReason, line?.path], [101, true, null, '/chat']);
  assert.deepEqual([line?.requestBytes, line?.responseBytes], ['earlyping'.length, 'hiearlyping'.length]);
});

test('The edge opens no tunnel before the 101: early bytes never reach an application that did not switch', async (t) => {
  let seen = '';
  const edge = await startScene(t, (socket, chunk) => {
    seen += chunk;
    socket.on('data', (data: Buffer) => (seen += data.toString('latin1')));
    socket.write('HTTP/1.1 400 Bad Request\r\nContent-Length: 7\r\n\r\nrefused');
  });
  const smuggled = `GET /smuggled HTTP/1.1\r\nHost: ${hostname}\r\n\r\n`;
  const answer = await sendRaw(edge, hostname, `${handshake}\r\n\r\n${smuggled}`);
  assert.equal(statusOf(answer), 400);
  assert.ok(answer.endsWith('refused'), answer);
  assert.doesNotMatch(seen, /smuggled/);
  const lines = await edge.readLog();
  assert.deepEqual(
    lines.map((line) => [line.status, line.upgraded, line.edgeReason]),
    [[400, false, null]],
  );
});

const badAnswers = {
  'a wrong accept': switching(acceptFor('AAAAAAAAAAAAAAAAAAAAAA==')),
  'no accept': 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n',
  'another protocol': `HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${acceptFor(key)}\r\n\r\n`,
  'a subprotocol that was not offered': switching(acceptFor(key), 'Sec-WebSocket-Protocol: admin\r\n'),
  'an extension that was not offered': switching(acceptFor(key), 'Sec-WebSocket-Extensions: permessage-deflate\r\n'),
  'a 101 that switches nothing': 'HTTP/1.1 101 Switching Protocols\r\n\r\n',
} as const;

for (const [name, bytes] of Object.entries(badAnswers)) {
  test(`The edge refuses ${name}`, async (t) => {
    let seen = '';
    const edge = await startScene(t, (socket) => {
      socket.on('data', (data: Buffer) => (seen += data.toString('latin1')));
      socket.write(bytes);
    });
    const answer = await sendRaw(edge, hostname, `${handshake}\r\n\r\nearly`);
    assert.equal(statusOf(answer), 502, answer);
    assert.equal(seen, '');
  });
}

test('The edge refuses a key, version or body that RFC 6455 does not know', async (t) => {
  let connections = 0;
  const edge = await startScene(t, () => (connections += 1));
  const broken = [
    handshake.replace(key, 'short'),
    handshake.replace('13', '8'),
    handshake.replace('HTTP/1.1', 'HTTP/1.0'),
    `${handshake}\r\nContent-Length: 5`,
    `${handshake}\r\nTransfer-Encoding: chunked`,
  ];
  for (const head of broken) assert.equal(statusOf(await sendRaw(edge, hostname, `${head}\r\n\r\nhello`)), 400, head);
  assert.equal(connections, 0);
});

test('The edge judges an upgrade like any other request', async (t) => {
  const edge = await startScene(t, (socket) => socket.write(switching(acceptFor(key))));
  const misdirected = await sendRaw(edge, hostname, `${handshake.replace(hostname, 'other.test')}\r\n\r\n`);
  const twoHosts = await sendRaw(edge, hostname, `${handshake}\r\nHost: ${hostname}\r\n\r\n`);
  assert.deepEqual([statusOf(misdirected), statusOf(twoHosts)], [421, 400]);
});

test('The edge ends one side with the other', async (t) => {
  let application: Socket | undefined;
  const edge = await startScene(t, (socket) => {
    application = socket;
    socket.write(switching(acceptFor(key)));
  });
  const first = await connectTls(edge, hostname);
  first.write(`${handshake}\r\n\r\n`);
  await readUntil(first, '\r\n\r\n');
  application?.destroy();
  await once(first, 'close');

  const second = await connectTls(edge, hostname);
  second.on('error', () => undefined);
  second.write(`${handshake}\r\n\r\n`);
  await readUntil(second, '\r\n\r\n');
  const applicationClosed = new Promise((resolve) => application?.on('close', resolve));
  application?.resume();
  second.destroy();
  await applicationClosed;
  assert.equal((await edge.readLog()).filter((line) => line.upgraded).length, 2);
});
