import assert from 'node:assert/strict';
import { createServer as createHttpServer, request } from 'node:http';
import { connect, createServer as createTcpServer, type Server } from 'node:net';
import { text } from 'node:stream/consumers';
import { test, type TestContext } from 'node:test';

import { createLog } from '@ringfort/kit/log.ts';

import { createBuildProxy, type BuildProxyOptions } from './create-build-proxy.ts';

const log = createLog({ program: 'test', clock: { nowMs: () => 0 }, write: () => {} });
const inside = '127.0.0.2';
const production = { mirrors: ['localhost'], network: `${inside}/32`, log };
/** In tests mirrors listen on the loopback, which production refuses. */
const open = {
  ...production,
  isPortAllowed: () => true,
  isAddressAllowed: (address: string) => address === '127.0.0.1',
};

test('createBuildProxy() tunnels to a mirror of the list, both ways and to the end', async (context) => {
  const mirror = createTcpServer({ allowHalfOpen: true }, (socket) => {
    void text(socket).then((sent) => socket.end(`echo ${sent}`));
  });
  const port = await listen(context, mirror);
  const proxy = await startProxy(context, open);
  const answer = await tunnelThrough(proxy, { target: `LOCALHOST:${port}`, payload: 'hello' });
  assert.match(answer, /^HTTP\/1.1 200 [^]*\r\n\r\necho hello$/);
});

test('createBuildProxy() fetches plain http for GET and HEAD, without headers of the connection', async (context) => {
  const mirror = createHttpServer((message, response) => {
    const seen = {
      method: message.method,
      url: message.url,
      host: message.headers.host,
      inner: message.headers['x-inner'],
    };
    response
      .writeHead(message.url === '/moved' ? 302 : 200, { location: 'http://127.0.0.1/' })
      .end(JSON.stringify(seen));
  });
  const port = await listen(context, mirror);
  const proxy = await startProxy(context, open);
  const got = await fetchThrough(proxy, { url: `http://localhost:${port}/package?x=1` });
  const seen = { method: 'GET', url: '/package?x=1', host: `localhost:${port}` };
  assert.deepEqual(got, { status: 200, body: JSON.stringify(seen) });
  assert.equal((await fetchThrough(proxy, { url: `http://localhost:${port}/`, method: 'HEAD' })).status, 200);
  assert.equal((await fetchThrough(proxy, { url: `http://localhost:${port}/moved` })).status, 302);
});

test('createBuildProxy() refuses hosts outside the list, ports, methods and forms that no mirror needs', async (context) => {
  let reached = 0;
  const mirror = createHttpServer((_message, response) => {
    reached += 1;
    response.end();
  });
  const port = await listen(context, mirror);
  const proxy = await startProxy(context, { ...open, isPortAllowed: (wanted) => wanted !== port });
  for (const target of [
    `localhost:${port}`,
    '127.0.0.1:443',
    'example.org:443',
    '[::1]:443',
    'localhost',
    `localhost.:${port}`,
  ]) {
    assert.match(await tunnelThrough(proxy, { target, payload: '' }), /^HTTP\/1.1 403 /, target);
  }
  for (const url of [
    `http://localhost:${port}/`,
    'http://127.0.0.1/',
    'https://localhost/',
    '/',
    'http://a@localhost/',
  ]) {
    assert.equal((await fetchThrough(proxy, { url })).status, 403, url);
  }
  const post = await fetchThrough(await startProxy(context, open), {
    url: `http://localhost:${port}/`,
    method: 'POST',
  });
  assert.deepEqual([post.status, reached], [403, 0]);
});

test('createBuildProxy() refuses a mirror whose name leads to the host or into the instance network', async (context) => {
  const mirror = createHttpServer((_message, response) => response.end());
  const port = await listen(context, mirror);
  const target = `localhost:${port}`;
  const strict = await startProxy(context, { ...production, isPortAllowed: () => true });
  const answer = await tunnelThrough(strict, { target, payload: '' });
  assert.match(answer, /^HTTP\/1.1 403 [^]*not public/);
  const own = await startProxy(context, { ...open, network: '127.0.0.0/8' });
  assert.match(await tunnelThrough(own, { target, payload: '' }), /^HTTP\/1.1 403 /);
  const production80 = await startProxy(context, production);
  assert.match(
    await tunnelThrough(production80, { target: 'localhost:22', payload: '' }),
    /^HTTP\/1.1 403 [^]*Port 22/,
  );
});

test('createBuildProxy() says that a mirror does not answer when it does not', async (context) => {
  const mirror = createTcpServer();
  const port = await listen(context, mirror);
  mirror.close();
  const proxy = await startProxy(context, open);
  assert.match(await tunnelThrough(proxy, { target: `localhost:${port}`, payload: '' }), /^HTTP\/1.1 502 /);
  assert.equal((await fetchThrough(proxy, { url: `http://localhost:${port}/` })).status, 502);
});

test('createBuildProxy() hangs up on callers from outside the instance network', async (context) => {
  const proxy = await startProxy(context, open);
  const socket = connect({ port: proxy, host: '127.0.0.1', localAddress: '127.0.0.3' });
  socket.on('error', () => {});
  socket.write('GET http://localhost/ HTTP/1.1\r\nhost: localhost\r\n\r\n');
  assert.equal(await new Promise((resolve) => socket.once('close', () => resolve(socket.bytesRead))), 0);
});

async function listen(context: TestContext, server: Server): Promise<number> {
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  context.after(() => void server.close());
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port');
  return address.port;
}

async function startProxy(context: TestContext, options: BuildProxyOptions): Promise<number> {
  const server = createBuildProxy(options);
  context.after(() => server.closeAllConnections());
  return listen(context, server);
}

type Fetched = { readonly status: number | undefined; readonly body: string };

function fetchThrough(port: number, { url, method = 'GET' }: { url: string; method?: string }): Promise<Fetched> {
  const headers = { host: 'x', connection: 'close, x-inner', 'x-inner': '1' };
  return new Promise((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', localAddress: inside, port, method, path: url, agent: false, headers });
    asked.once('error', reject).once('response', (answer) => {
      text(answer).then((body) => resolve({ status: answer.statusCode, body }), reject);
    });
    asked.end();
  });
}

/** Everything that comes back for CONNECT; `payload` is sent once the tunnel is open. */
function tunnelThrough(port: number, { target, payload }: { target: string; payload: string }): Promise<string> {
  const socket = connect({ port, host: '127.0.0.1', localAddress: inside, allowHalfOpen: true });
  socket.write(`CONNECT ${target} HTTP/1.1\r\nhost: ${target}\r\n\r\n`);
  return new Promise((resolve, reject) => {
    let received = '';
    let isOpen = false;
    socket.on('data', (part) => {
      received += part.toString();
      if (isOpen || !received.includes('\r\n\r\n')) return;
      isOpen = true;
      socket.end(payload);
    });
    socket.once('close', () => resolve(received)).once('error', reject);
  });
}
