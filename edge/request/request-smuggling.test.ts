import assert from 'node:assert/strict';
import { text } from 'node:stream/consumers';
import { test, type TestContext } from 'node:test';

import { sendRaw, statusOf } from '../test-client.ts';
import { startTestApplication, startTestEdge, type TestEdge } from '../test-edge.ts';
import { createTestEndpoint, createTestSite } from '../test-snapshot.ts';

const hostname = 'shop-staging.test';
const head = `POST /first HTTP/1.1\r\nHost: ${hostname}\r\nConnection: close\r\n`;
const smuggled = `GET /smuggled HTTP/1.1\r\nHost: ${hostname}\r\n\r\n`;

type Seen = { readonly method: string | undefined; readonly url: string | undefined; readonly body: string };
type Scene = { readonly edge: TestEdge; readonly seen: Seen[] };

async function startScene(t: TestContext): Promise<Scene> {
  const edge = await startTestEdge(t, { limits: { lingerMs: 50 } });
  const seen: Seen[] = [];
  const port = await startTestApplication(t, (request, response) => {
    void text(request).then((body) => {
      seen.push({ method: request.method, url: request.url, body });
      response.end(JSON.stringify({ headers: request.rawHeaders, trailers: request.rawTrailers }));
    });
  });
  const site = createTestSite(hostname);
  await edge.serve([site], [createTestEndpoint(site, port)]);
  return { edge, seen };
}

const ambiguous = {
  'CL.TE: a length beside a coding': `${head}Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${smuggled}`,
  'TE.CL: a coding beside a length': `${head}Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n5c\r\n${smuggled}0\r\n\r\n`,
  'TE.TE: a second coding': `${head}Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n${smuggled}`,
  'a coding before chunked': `${head}Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n${smuggled}`,
  'an unknown coding': `${head}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n${smuggled}`,
  'chunked twice': `${head}Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n${smuggled}`,
  'a space before the colon': `${head}Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n${smuggled}`,
  'a vertical tab in the coding': `${head}Transfer-Encoding:\u000bchunked\r\n\r\n0\r\n\r\n${smuggled}`,
  'two lengths': `${head}Content-Length: 0\r\nContent-Length: 60\r\n\r\n${smuggled}`,
  'the same length twice': `${head}Content-Length: 0\r\nContent-Length: 0\r\n\r\n${smuggled}`,
  'a length with a sign': `${head}Content-Length: +0\r\n\r\n${smuggled}`,
  'a length as a list': `${head}Content-Length: 0, 0\r\n\r\n${smuggled}`,
  'obs-fold': `${head}X-One: a\r\n Content-Length: 60\r\n\r\n${smuggled}`,
  'obs-fold of the host': `GET / HTTP/1.1\r\nHost: ${hostname}\r\n .evil.test\r\n\r\n`,
  'a bare line feed': `GET / HTTP/1.1\r\nHost: ${hostname}\nX: y\r\n\r\n`,
  'a bare carriage return': `GET / HTTP/1.1\r\nHost: ${hostname}\rX: y\r\n\r\n`,
  'a NUL in a field': `GET / HTTP/1.1\r\nHost: ${hostname}\r\nX: a\0b\r\n\r\n`,
  'an empty field name': `GET / HTTP/1.1\r\nHost: ${hostname}\r\n: b\r\n\r\n`,
  'chunked HTTP/1.0': `POST / HTTP/1.0\r\nHost: ${hostname}\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${smuggled}`,
  'HTTP/0.9': `GET /\r\n\r\n`,
  'the preface of HTTP/2': 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
} as const;

for (const [name, bytes] of Object.entries(ambiguous)) {
  test(`The edge refuses ${name}, and the application sees nothing`, async (t) => {
    const { edge, seen } = await startScene(t);
    const answer = await sendRaw(edge, hostname, bytes);
    assert.equal(statusOf(answer), 400, answer);
    assert.equal(answer.match(/HTTP\/1\.1 \d{3}/g)?.length, 1, 'nothing behind the refused request is answered');
    assert.deepEqual(seen, []);
    assert.deepEqual(
      (await edge.readLog()).map((line) => [line.status, line.component]),
      [[400, null]],
    );
  });
}

test('The edge frames TE.0 by its chunks: what follows is a request of its own', async (t) => {
  const { edge, seen } = await startScene(t);
  const options = `OPTIONS /first HTTP/1.1\r\nHost: ${hostname}\r\nTransfer-Encoding: chunked\r\n\r\n`;
  const bytes = `${options}5\r\nhello\r\n0\r\n\r\nGET /second HTTP/1.1\r\nHost: ${hostname}\r\nConnection: close\r\n\r\n`;
  await sendRaw(edge, hostname, bytes);
  const sorted = seen.toSorted((left, right) => String(left.url).localeCompare(String(right.url)));
  assert.deepEqual(sorted, [
    { method: 'OPTIONS', url: '/first', body: 'hello' },
    { method: 'GET', url: '/second', body: '' },
  ]);
});

test('The edge drops chunk extensions and trailers and passes the data on', async (t) => {
  const { edge, seen } = await startScene(t);
  const bytes = `${head}Transfer-Encoding: Chunked\r\nTrailer: X-Late\r\n\r\n5;a=b;c="d"\r\nhello\r\n0;x\r\nX-Late: 1\r\n\r\n`;
  const answer = await sendRaw(edge, hostname, bytes);
  assert.equal(statusOf(answer), 200, answer);
  assert.deepEqual(seen, [{ method: 'POST', url: '/first', body: 'hello' }]);
  assert.doesNotMatch(answer, /X-Late/i);
});

test('The edge refuses a length among the trailers', async (t) => {
  const { edge, seen } = await startScene(t);
  const bytes = `${head}Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nContent-Length: 60\r\n\r\n${smuggled}`;
  assert.equal(statusOf(await sendRaw(edge, hostname, bytes)), 400);
  assert.deepEqual(seen, []);
});

test('The edge refuses a line feed inside a chunk extension', async (t) => {
  const { edge, seen } = await startScene(t);
  const bytes = `${head}Transfer-Encoding: chunked\r\n\r\n5;a\nb\r\nhello\r\n0\r\n\r\n`;
  assert.equal(statusOf(await sendRaw(edge, hostname, bytes)), 400);
  assert.deepEqual(seen, []);
});

test('The edge refuses more fields and longer heads than it reads', async (t) => {
  const { edge, seen } = await startScene(t);
  const many = Array.from({ length: 120 }, (_, index) => `X-${index}: y\r\n`).join('');
  const long = `Cookie: ${'a'.repeat(17 * 1024)}\r\n`;
  for (const fields of [many, long]) {
    const answer = await sendRaw(
      edge,
      hostname,
      `GET / HTTP/1.1\r\nHost: ${hostname}\r\nConnection: close\r\n${fields}\r\n`,
    );
    assert.equal(statusOf(answer), 431, answer);
  }
  assert.deepEqual(seen, []);
});

test('The edge refuses the methods CONNECT and TRACE', async (t) => {
  const { edge, seen } = await startScene(t);
  const trace = await sendRaw(edge, hostname, `TRACE / HTTP/1.1\r\nHost: ${hostname}\r\nConnection: close\r\n\r\n`);
  const tunnel = await sendRaw(edge, hostname, `CONNECT ${hostname}:443 HTTP/1.1\r\nHost: ${hostname}\r\n\r\n`);
  assert.deepEqual([statusOf(trace), statusOf(tunnel)], [405, 405]);
  assert.match(trace, /\r\nAllow: GET/);
  assert.deepEqual(seen, []);
});

test('The edge refuses more requests at once on one connection than it allows', async (t) => {
  const edge = await startTestEdge(t);
  const port = await startTestApplication(t, (_request, response) => void setImmediate(() => response.end('ok')));
  const site = createTestSite(hostname);
  await edge.serve([site], [createTestEndpoint(site, port)]);
  const one = `GET / HTTP/1.1\r\nHost: ${hostname}\r\n\r\n`;
  const last = `GET / HTTP/1.1\r\nHost: ${hostname}\r\nConnection: close\r\n\r\n`;
  const answers = (await sendRaw(edge, hostname, one.repeat(40) + last)).match(/HTTP\/1\.1 \d{3}/g) ?? [];
  assert.equal(answers.filter((answer) => answer.endsWith('200')).length, 16);
  assert.equal(answers.filter((answer) => answer.endsWith('429')).length, 1);
  assert.equal((await edge.readLog()).length, 17, 'what follows is not even looked at');
});
