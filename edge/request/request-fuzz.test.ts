import assert from 'node:assert/strict';
import { test } from 'node:test';

import * as fc from 'fast-check';

import { sendRaw } from '../test-client.ts';
import { startTestApplication, startTestEdge } from '../test-edge.ts';
import { createTestEndpoint, createTestSite } from '../test-snapshot.ts';

const hostname = 'shop-staging.test';

const pieces = fc.constantFrom(
  'GET / HTTP/1.1\r\n',
  'POST /a HTTP/1.1\r\n',
  'GET /b HTTP/1.0\r\n',
  `Host: ${hostname}\r\n`,
  'Content-Length: 5\r\n',
  'Content-Length: 0\r\n',
  'Transfer-Encoding: chunked\r\n',
  'Transfer-Encoding: identity\r\n',
  'Connection: keep-alive\r\n',
  'Connection: Upgrade\r\n',
  'Upgrade: websocket\r\n',
  'Expect: 100-continue\r\n',
  ' folded\r\n',
  '\r\n',
  '\r\n\r\n',
  '5\r\nhello\r\n',
  '0\r\n\r\n',
  'hello',
  '\n',
  '\r',
  '\0',
);

test('The edge survives any order of good and bad pieces, and answers no more than it passes on or refuses', async (t) => {
  const limits = {
    headTimeoutMs: 100,
    requestTimeoutMs: 200,
    timeoutCheckIntervalMs: 20,
    keepAliveTimeoutMs: 50,
    lingerMs: 20,
  };
  const edge = await startTestEdge(t, { limits });
  let asked = 0;
  const port = await startTestApplication(t, (request, response) => {
    asked += 1;
    request.on('error', () => undefined);
    request.resume();
    response.end('application');
  });
  const site = createTestSite(hostname);
  await edge.serve([site], [createTestEndpoint(site, port)]);
  const property = fc.asyncProperty(fc.array(pieces, { maxLength: 12 }), async (parts) => {
    const answer = await sendRaw(edge, hostname, parts.join(''));
    assert.match(answer, /^(HTTP\/1\.1 \d{3} |$)/);
    assert.doesNotMatch(answer, /HTTP\/1\.1 5(?!02)\d\d /, 'the edge itself never fails');
  });
  await fc.assert(property, { numRuns: 60 });
  const lines = await edge.readLog();
  assert.ok(asked <= lines.filter((line) => line.component === 'web').length);
});
