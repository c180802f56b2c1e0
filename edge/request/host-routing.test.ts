import assert from 'node:assert/strict';
import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import { text } from 'node:stream/consumers';
import { test, type TestContext } from 'node:test';
import { connect, type ConnectionOptions, type SecureVersion } from 'node:tls';

import { get, readAll, sendRaw, statusOf } from '../test-client.ts';
import { startTestApplication, startTestEdge, type TestEdge } from '../test-edge.ts';
import { createTestEndpoint, createTestSite } from '../test-snapshot.ts';

const [one, two] = ['one-staging.test', 'two-staging.test'];

async function startScene(t: TestContext): Promise<TestEdge> {
  const edge = await startTestEdge(t);
  const [portOne, portTwo] = await Promise.all([
    startTestApplication(t, (asked, response) => response.end(`one ${asked.url} ${asked.headers.host}`)),
    startTestApplication(t, (asked, response) => response.end(`two ${asked.url} ${asked.headers.host}`)),
  ]);
  const sites = [createTestSite(one), createTestSite(two)] as const;
  await edge.serve([...sites], [createTestEndpoint(sites[0], portOne), createTestEndpoint(sites[1], portTwo)]);
  return edge;
}

function request(fields: string, target = '/'): string {
  return `GET ${target} HTTP/1.1\r\n${fields}\r\nConnection: close\r\n\r\n`;
}

test('The edge answers 421 when Host is not the name of the handshake', async (t) => {
  const edge = await startScene(t);
  const answer = await sendRaw(edge, one, request(`Host: ${two}`));
  assert.equal(statusOf(answer), 421);
  assert.doesNotMatch(answer, /two \//);
});

test('The edge reads Host with port, trailing dot and capitals as the same host, and tells the application its own name', async (t) => {
  const edge = await startScene(t);
  for (const host of [one, `${one}:1234`, `${one}.`, one.toUpperCase()]) {
    const answer = await sendRaw(edge, one, request(`Host: ${host}`));
    assert.ok(answer.endsWith(`one / ${one}:${edge.edge.httpsPort}`), answer);
  }
});

test('The edge refuses no host, two hosts and hosts that are none', async (t) => {
  const edge = await startScene(t);
  const fields = [
    'X: y',
    `Host: ${one}\r\nHost: ${one}`,
    `Host: ${one}, ${two}`,
    `Host: u@${one}`,
    'Host: ',
    'Host: [::1]',
  ];
  for (const field of fields) assert.equal(statusOf(await sendRaw(edge, one, request(field))), 400, field);
});

test('The edge takes the absolute form only when its authority is the host', async (t) => {
  const edge = await startScene(t);
  const same = await sendRaw(edge, one, request(`Host: ${one}`, `https://${one}/a?b`));
  const other = await sendRaw(edge, one, request(`Host: ${one}`, `https://${two}/a?b`));
  const reversed = await sendRaw(edge, one, request(`Host: ${two}`, `https://${one}/a?b`));
  assert.ok(same.includes('one /a?b '), same);
  assert.deepEqual([statusOf(other), statusOf(reversed)], [400, 400]);
});

test('The edge fails the handshake for unknown names, for none, and below TLS 1.2', async (t) => {
  const edge = await startScene(t);
  const ca = edge.authority.caPem(one);
  const shake = async (options: ConnectionOptions): Promise<string> => {
    const socket = connect({ host: '127.0.0.1', port: edge.edge.httpsPort, rejectUnauthorized: false, ca, ...options });
    const ended = once(socket, 'secureConnect').then(
      () => `shaken ${socket.getProtocol()}`,
      () => 'failed',
    );
    const outcome = await ended;
    socket.destroy();
    return outcome;
  };
  assert.equal(await shake({ servername: 'unknown.test' }), 'failed');
  assert.equal(await shake({}), 'failed');
  assert.equal(
    await shake({ servername: one, maxVersion: 'TLSv1.1', minVersion: 'TLSv1', ciphers: 'ALL@SECLEVEL=0' }),
    'failed',
  );
  assert.equal(await shake({ servername: one, ciphers: 'AES128-SHA', maxVersion: 'TLSv1.2' }), 'failed');
  assert.equal(await shake({ servername: one, ALPNProtocols: ['h2'] }), 'failed');
  assert.equal(await shake({ servername: one, maxVersion: 'TLSv1.2' }), 'shaken TLSv1.2');
  assert.equal(await shake({ servername: one.toUpperCase() }), 'shaken TLSv1.3');
});

test('The edge resumes no session, so that every handshake says which host it is for', async (t) => {
  const edge = await startScene(t);
  const shake = (maxVersion: SecureVersion, session?: Buffer): Promise<Shaken> => {
    const options = { host: '127.0.0.1', port: edge.edge.httpsPort, servername: one, rejectUnauthorized: false };
    const socket = connect({ ...options, maxVersion, ...(session === undefined ? {} : { session }) });
    const seen: { session?: Buffer; isReused?: boolean } = {};
    socket.on('session', (offered: Buffer) => (seen.session = offered));
    socket.on('secureConnect', () => (seen.isReused = socket.isSessionReused()));
    socket.write(request(`Host: ${one}`));
    return readAll(socket).then((answer) => ({ ...seen, status: statusOf(answer) }));
  };
  for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
    const first = await shake(version);
    const second = await shake(version, first.session);
    assert.deepEqual([first.status, second.status, second.isReused], [200, 200, false], version);
  }
});

type Shaken = { readonly status: number; readonly session?: Buffer; readonly isReused?: boolean };

test('The edge takes the longest prefix and says what is missing', async (t) => {
  const edge = await startTestEdge(t);
  const [web, api] = await Promise.all([
    startTestApplication(t, (_request, response) => response.end('web')),
    startTestApplication(t, (_request, response) => response.end('api')),
  ]);
  const routes = [
    { pathPrefix: '/', component: 'web' },
    { pathPrefix: '/api', component: 'api' },
    { pathPrefix: '/idle', component: 'idle' },
  ];
  const site = createTestSite(one, { routes });
  const empty = createTestSite('empty-staging.test', { releaseId: null });
  const apart = createTestSite('apart-staging.test', { routes: [{ pathPrefix: '/api', component: 'api' }] });
  await edge.serve(
    [site, empty, apart],
    [createTestEndpoint(site, web), createTestEndpoint(site, api, { component: 'api' })],
  );
  const bodies = await Promise.all(['/', '/apis', '/api', '/api/x', '/api?y'].map((path) => get(edge, one, { path })));
  assert.deepEqual(
    bodies.map((answer) => answer.body),
    ['web', 'web', 'api', 'api', 'api'],
  );
  assert.equal((await get(edge, one, { path: '/idle' })).status, 503);
  assert.match((await get(edge, 'empty-staging.test')).body, /Nothing is deployed here yet/);
  assert.equal((await get(edge, 'apart-staging.test')).status, 404);
  assert.equal((await get(edge, one, { path: '/.ringfort/sign-in' })).status, 404);
  const reasons = (await edge.readLog()).map((line) => line.edgeReason).filter((reason) => reason !== null);
  assert.deepEqual(reasons, ['no-endpoint', 'not-deployed', 'no-route', 'reserved-path']);
});

test('The edge sends known hosts to HTTPS and knows no others', async (t) => {
  const edge = await startScene(t);
  const ask = async (host: string, path: string): Promise<readonly [number | undefined, string | undefined]> => {
    const asking = httpRequest({
      host: '127.0.0.1',
      port: edge.edge.httpPort,
      path,
      headers: { Host: host },
      method: 'POST',
    });
    asking.end('body');
    return new Promise((resolve, reject) => {
      asking.on('error', reject);
      asking.on('response', (response) => {
        void text(response).then(() => resolve([response.statusCode, response.headers.location]));
      });
    });
  };
  assert.deepEqual(await ask(`${one}:8080`, '//x/y?z'), [308, `https://${one}:${edge.edge.httpsPort}//x/y?z`]);
  assert.deepEqual(await ask('unknown.test', '/'), [404, undefined]);
  assert.deepEqual(await ask('evil.test@one', '/'), [400, undefined]);
  const lines = await edge.readLog();
  assert.deepEqual(
    lines.map((line) => [line.scheme, line.status, line.edgeReason]),
    [
      ['http', 308, 'redirect'],
      ['http', 404, 'no-site'],
      ['http', 400, 'host-invalid'],
    ],
  );
});
