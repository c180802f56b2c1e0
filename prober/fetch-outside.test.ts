import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { createServer as createTcpServer, type AddressInfo, type Server } from 'node:net';
import { test } from 'node:test';

import { systemClock } from '@ringfort/kit/clock.ts';

import { fetchOutside } from './fetch-outside.ts';

test('fetchOutside() connects to the given address, sends the name of the URL and follows nothing', async () => {
  const server = createServer((message, response) => {
    response.writeHead(308, { location: `https://${message.headers.host}${message.url}`, 'x-twice': ['a', 'b'] });
    response.end('x'.repeat(10_000));
  });
  await using listening = await listen(server);
  const seen = await fetchOutside(
    { url: 'http://shop-staging.localhost/a?b', address: '127.0.0.1', port: listening.port, timeoutMs: 2_000 },
    systemClock,
  );
  assert.ok(seen.outcome === 'answered');
  assert.equal(seen.status, 308);
  assert.deepEqual(
    seen.headers.filter(({ name }) => name === 'x-twice' || name === 'location').map(({ value }) => value),
    ['https://shop-staging.localhost/a?b', 'a', 'b'],
  );
  assert.equal(Buffer.from(seen.bodyStart, 'base64').length, 4_096);
  assert.equal(seen.tlsVersion, null);
});

test('fetchOutside() tells a closed port, a silent one and one that does not speak TLS apart', async () => {
  const closed = createTcpServer();
  const gone = await listen(closed);
  await gone[Symbol.asyncDispose]();
  await using silent = await listen(createTcpServer());
  await using plain = await listen(createServer((_message, response) => response.end()));
  const look = async (scheme: string, portOfServer: number): Promise<string> => {
    const url = `${scheme}://shop.localhost/`;
    return (await fetchOutside({ url, address: '127.0.0.1', port: portOfServer, timeoutMs: 300 }, systemClock)).outcome;
  };
  assert.deepEqual(
    [await look('http', gone.port), await look('http', silent.port), await look('https', plain.port)],
    ['refused', 'timeout', 'broken'],
  );
});

async function listen(server: Server): Promise<AsyncDisposable & { readonly port: number }> {
  const sockets = new Set<{ destroy: () => void }>();
  server.on('connection', (socket) => sockets.add(socket));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: port(server.address()),
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function port(address: AddressInfo | string | null): number {
  if (address === null || typeof address === 'string') throw new Error('The server has no port');
  return address.port;
}
