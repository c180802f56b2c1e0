import assert from 'node:assert/strict';
import { readdirSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { connectTls, get, sendRaw, statusOf } from '../test-client.ts';
import { startTestApplication, startTestEdge, type TestEdge } from '../test-edge.ts';
import { createTestEndpoint, createTestSite } from '../test-snapshot.ts';

const hostname = 'shop-staging.test';

/** The request ids in the log at this very moment. */
function loggedNow(edge: TestEdge): string {
  const folder = join(edge.config.home, 'logs');
  return readdirSync(folder)
    .map((name) => readFileSync(join(folder, name), 'utf8'))
    .join('');
}

test('The edge sends the last byte only when its line is written, whatever ends the answer', async (t) => {
  const edge = await startTestEdge(t);
  const port = await startTestApplication(t, (request, response) => {
    if (request.url === '/length') response.writeHead(200, { 'Content-Length': '2' }).end('ok');
    else if (request.url === '/empty') response.writeHead(204).end();
    else {
      response.write('o');
      setImmediate(() => response.end('k'));
    }
  });
  const site = createTestSite(hostname);
  const empty = createTestSite('empty-staging.test', { releaseId: null });
  await edge.serve([site, empty], [createTestEndpoint(site, port)]);
  const cases = [
    [hostname, 'GET', '/length', '\r\n\r\nok'],
    [hostname, 'GET', '/chunked', '\r\n0\r\n\r\n'],
    [hostname, 'GET', '/empty', '\r\n\r\n'],
    [hostname, 'HEAD', '/length', '\r\n\r\n'],
    ['empty-staging.test', 'GET', '/', '"}'],
  ] as const;
  for (const [host, method, path, end] of cases) {
    const socket = await connectTls(edge, host);
    const ended = new Promise<{ readonly answer: string; readonly log: string }>((resolve) => {
      let answer = '';
      socket.on('data', (chunk: Buffer) => {
        answer += chunk.toString('latin1');
        if (answer.endsWith(end)) resolve({ answer, log: loggedNow(edge) });
      });
    });
    socket.write(`${method} ${path} HTTP/1.1\r\nHost: ${host}\r\n\r\n`);
    const { answer, log } = await ended;
    const requestId = /X-Request-Id: (\S+)/.exec(answer)?.[1] ?? 'none';
    assert.ok(log.includes(requestId), `${method} ${path}`);
    socket.destroy();
  }
});

test('The edge keeps control characters and terminal escapes harmless, and values bounded', async (t) => {
  const edge = await startTestEdge(t);
  const port = await startTestApplication(t, (_request, response) => response.end('ok'));
  const site = createTestSite(hostname);
  await edge.serve([site], [createTestEndpoint(site, port)]);
  const path = `/${'a'.repeat(3_000)}?${'b'.repeat(5_000)}`;
  const fields = 'User-Agent: \u009b31m","status":1,"x":"\u00e9\r\nReferer: https://x.test/\u0080';
  const answer = await sendRaw(
    edge,
    hostname,
    `GET ${path} HTTP/1.1\r\nHost: ${hostname}\r\n${fields}\r\nConnection: close\r\n\r\n`,
  );
  assert.equal(statusOf(answer), 200);
  const raw = loggedNow(edge);
  assert.equal(raw.split('\n').length, 2);
  const [line] = await edge.readLog();
  assert.deepEqual([line?.path.length, line?.query.length, line?.status], [2_048, 4_096, 200]);
  assert.equal(line?.userAgent, '\u009b31m","status":1,"x":"\u00e9');
});

test('The edge serves nothing while the log cannot be written', async (t) => {
  const edge = await startTestEdge(t, {});
  let asked = 0;
  const port = await startTestApplication(t, (_request, response) => {
    asked += 1;
    response.end('ok');
  });
  const site = createTestSite(hostname);
  await edge.serve([site], [createTestEndpoint(site, port)]);
  const folder = join(edge.config.home, 'logs');
  renameSync(folder, `${folder}.away`);
  await assert.rejects(get(edge, hostname), 'an answer that cannot be logged is not completed');
  const refused = await get(edge, hostname);
  assert.equal(refused.status, 500);
  assert.equal(asked, 1);
  renameSync(`${folder}.away`, folder);
  let answer = await get(edge, hostname);
  while (answer.status === 500) answer = await get(edge, hostname);
  assert.equal(answer.status, 200);
  assert.equal((await edge.readLog()).length, 2);
});
