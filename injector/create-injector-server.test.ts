import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { request } from 'node:http';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { test, type TestContext } from 'node:test';

import { createLog } from '@ringfort/kit/log.ts';

import { createInjectorServer } from './create-injector-server.ts';
import { createLeases } from './leases.ts';

const log = createLog({ program: 'injector', clock: { nowMs: () => 0 }, write: () => {} });
const flush = { injection: 'flush-rules', environmentId: '01900000-0000-7000-8000-000000000003', leaseMs: 60_000 };

test('createInjectorServer() injects and heals, and knows nothing else', async (context) => {
  const ask = await start(context);
  const injected = await ask('POST /v1/inject', JSON.stringify(flush));
  assert.match(injected, /^200 \{"leaseId":"[0-9a-f-]{36}"\}$/);
  assert.equal(await ask('POST /v1/heal', injected.slice(4)), '200 {}');
  assert.equal(await ask('POST /v1/heal', injected.slice(4)), '200 {}');
  for (const line of ['GET /v1/inject', 'POST /v1/exec', 'POST /', 'POST /v1/inject?x'])
    assert.match(await ask(line, ''), /^404 /, line);
});

test('createInjectorServer() refuses what is not of the documented form', async (context) => {
  const ask = await start(context);
  const bodies = [
    '',
    '{',
    '[]',
    JSON.stringify({ ...flush, leaseMs: 1_000_000 }),
    JSON.stringify({ ...flush, command: 'id' }),
  ];
  for (const body of bodies) assert.match(await ask('POST /v1/inject', body), /^422 .*input-invalid/, body);
  assert.match(await ask('POST /v1/inject', 'x'.repeat(100_000)), /^413 /);
});

async function start(context: TestContext): Promise<(line: string, body: string) => Promise<string>> {
  const folder = await mkdtemp(join(tmpdir(), 'ringfort-injector-'));
  const socketPath = join(folder, 'injector.sock');
  const prepare = () => ({ repeat: () => Promise.resolve(), undo: () => Promise.resolve() });
  const leases = createLeases({ prepare, log, makeId: () => randomUUID() });
  const server = createInjectorServer(leases, log);
  await new Promise<void>((resolve) => void server.listen(socketPath, resolve));
  context.after(async () => {
    server.close();
    await leases.endAll();
    await rm(folder, { recursive: true, force: true });
  });
  return (line, body) =>
    new Promise((resolve, reject) => {
      const [method = '', path = ''] = line.split(' ');
      const asked = request({ socketPath, method, path, agent: false }, (answer) => {
        text(answer).then((all) => resolve(`${answer.statusCode} ${all}`), reject);
      });
      asked.once('error', reject).end(body);
    });
}
