import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { test, type TestContext } from 'node:test';

import { get, sendRaw, statusOf } from '../test-client.ts';
import { listenOn } from '../test-control.ts';
import {
  platformHostname,
  startRawApplication,
  startTestApplication,
  startTestEdge,
  type TestEdge,
} from '../test-edge.ts';
import { createTestEndpoint, createTestSite } from '../test-snapshot.ts';

const hostname = 'shop-staging.test';

/** An edge whose application answers with the fields that it got. */
async function startEcho(t: TestContext): Promise<TestEdge> {
  const edge = await startTestEdge(t);
  const port = await startTestApplication(t, (request, response) => response.end(JSON.stringify(request.rawHeaders)));
  const site = createTestSite(hostname);
  await edge.serve([site], [createTestEndpoint(site, port)]);
  return edge;
}

/** The fields that the application saw for a request with these, names in lower case, each with all its values. */
async function seenFields(edge: TestEdge, fields: string): Promise<ReadonlyMap<string, readonly string[]>> {
  const answer = await sendRaw(edge, hostname, `GET / HTTP/1.1\r\nHost: ${hostname}\r\n${fields}\r\n`);
  assert.equal(statusOf(answer), 200, answer);
  const raw: unknown = JSON.parse(Buffer.from(answer.slice(answer.indexOf('\r\n\r\n') + 4), 'latin1').toString());
  assert.ok(Array.isArray(raw));
  const seen = new Map<string, string[]>();
  for (let index = 0; index < raw.length; index += 2) {
    const name = String(raw[index]).toLowerCase();
    seen.set(name, [...(seen.get(name) ?? []), String(raw[index + 1])]);
  }
  return seen;
}

test('The edge replaces what clients say about who they are and where they came in', async (t) => {
  const edge = await startEcho(t);
  const forged = [
    'X-Forwarded-For: 6.6.6.6',
    'x-forwarded-for: 7.7.7.7',
    'X-Forwarded-Proto: http',
    'X-Forwarded-Host: evil.test',
    'X-Forwarded-Port: 1',
    'X-Forwarded-Prefix: /evil',
    'X-Forwarded: for=6.6.6.6',
    'Forwarded: for=6.6.6.6',
    'X-Real-IP: 6.6.6.6',
    'X-Request-Id: forged',
    'Ringfort-User: admin',
    'X-Ringfort-User: admin',
    'Proxy: http://evil.test',
    'X-Mine: kept',
  ];
  const seen = await seenFields(edge, `${forged.join('\r\n')}\r\nConnection: close\r\n`);
  const port = String(edge.edge.httpsPort);
  assert.deepEqual(seen.get('x-forwarded-for'), ['127.0.0.1']);
  assert.deepEqual(seen.get('x-forwarded-proto'), ['https']);
  assert.deepEqual(seen.get('x-forwarded-host'), [`${hostname}:${port}`]);
  assert.deepEqual(seen.get('x-forwarded-port'), [port]);
  assert.deepEqual(seen.get('x-real-ip'), ['127.0.0.1']);
  assert.deepEqual(seen.get('forwarded'), [`for="127.0.0.1";host="${hostname}:${port}";proto=https`]);
  assert.match(seen.get('x-request-id')?.join() ?? '', /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-/);
  assert.deepEqual(seen.get('x-mine'), ['kept']);
  for (const name of ['x-forwarded-prefix', 'x-forwarded', 'ringfort-user', 'x-ringfort-user', 'proxy']) {
    assert.equal(seen.has(name), false, name);
  }
});

test('The edge drops underscore twins of fields that mean something', async (t) => {
  const edge = await startEcho(t);
  const fields =
    'X_Forwarded_For: 6.6.6.6\r\nContent_Length: 5\r\nRingfort_User: admin\r\nX_Any: y\r\nConnection: close\r\n';
  const seen = await seenFields(edge, fields);
  assert.deepEqual(
    [...seen.keys()].filter((name) => name.includes('_')),
    [],
  );
});

test('The edge drops hop-by-hop fields and those that Connection lists, and its own fields survive the list', async (t) => {
  const edge = await startEcho(t);
  const listed = 'close, X-Internal, x-forwarded-for, X-Request-Id, Host, Cookie';
  const fields = `Connection: ${listed}\r\nX-Internal: 1\r\nCookie: a=b\r\nKeep-Alive: 5\r\nTE: trailers\r\nProxy-Connection: close\r\nProxy-Authorization: x\r\nUpgrade: h2c\r\nHTTP2-Settings: AAAA\r\n`;
  const seen = await seenFields(edge, fields);
  for (const name of [
    'x-internal',
    'cookie',
    'keep-alive',
    'te',
    'proxy-connection',
    'proxy-authorization',
    'upgrade',
    'http2-settings',
  ]) {
    assert.equal(seen.has(name), false, name);
  }
  assert.deepEqual(seen.get('x-forwarded-for'), ['127.0.0.1']);
  assert.deepEqual(seen.get('host'), [`${hostname}:${edge.edge.httpsPort}`]);
  assert.equal(seen.get('x-request-id')?.length, 1);
});

test('The edge passes repeated fields and bytes above ASCII on as they came', async (t) => {
  const edge = await startEcho(t);
  const seen = await seenFields(edge, 'X-Twice: one\r\nX-Twice: two\r\nX-High: caf\u00e9\r\nConnection: close\r\n');
  assert.deepEqual(seen.get('x-twice'), ['one', 'two']);
  assert.deepEqual(seen.get('x-high'), ['caf\u00e9']);
});

test('The edge drops what is for one connection, confines cookies and speaks for the edge itself', async (t) => {
  const edge = await startTestEdge(t);
  const head = [
    'HTTP/1.1 200 OK',
    'Content-Length: 2',
    'Connection: X-Internal, keep-alive',
    'Connection: X-More',
    'Keep-Alive: timeout=5',
    'X-Internal: secret',
    'X-More: secret',
    'Trailer: X-Late',
    'Ringfort-Secret: s',
    'X-Request-Id: forged',
    'Strict-Transport-Security: max-age=0',
    'Alt-Svc: h3=":9999"',
    'Set-Cookie: a=1; Domain=test; Path=/',
    `Set-Cookie: b=2; Domain=${hostname}`,
    'Server: app',
    'X-Kept: caf\u00e9',
    '__proto__: polluted',
  ];
  const port = await startRawApplication(t, (socket) => {
    socket.once('data', () => socket.end(Buffer.from(`${head.join('\r\n')}\r\n\r\nok`, 'latin1')));
  });
  const site = createTestSite(hostname);
  await edge.serve([site], [createTestEndpoint(site, port)]);
  const { headers, body, status } = await get(edge, hostname);
  assert.equal(status, 200);
  assert.equal(body, 'ok');
  for (const name of ['x-internal', 'x-more', 'trailer', 'ringfort-secret', 'alt-svc'])
    assert.equal(headers[name], undefined, name);
  assert.equal(headers['strict-transport-security'], 'max-age=31536000');
  assert.deepEqual(headers['set-cookie'], ['a=1; Path=/', `b=2; Domain=${hostname}`]);
  assert.equal(headers['server'], 'app');
  assert.equal(headers['x-kept'], 'caf\u00e9');
  const [line] = await edge.readLog();
  assert.equal(headers['x-request-id'], line?.requestId);
});

test('The edge passes the platform’s host to control’s socket, and says so when control is down', async (t) => {
  const edge = await startTestEdge(t);
  await edge.serve([], []);
  const down = await get(edge, platformHostname, { path: '/v1/x' });
  assert.equal(down.status, 503);
  assert.match(down.body, /Control is down; applications keep running\./);

  const api = createServer((request, response) =>
    response.end(`${request.url} ${String(request.headers['x-forwarded-for'])}`),
  );
  await listenOn(api, edge.config.apiSocket);
  t.after(async () => {
    api.close();
    api.closeAllConnections();
    await once(api, 'close');
  });
  const up = await get(edge, platformHostname, { path: '/v1/x' });
  assert.deepEqual([up.status, up.body], [200, '/v1/x 127.0.0.1']);
  const lines = await edge.readLog();
  assert.deepEqual(
    lines.map((line) => [line.component, line.edgeReason, line.workspaceId]),
    [
      ['control', 'control-down', null],
      ['control', null, null],
    ],
  );
});
