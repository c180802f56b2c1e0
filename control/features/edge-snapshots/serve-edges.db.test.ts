import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import { Agent, request } from 'undici';

import { EdgeSnapshot } from '@ringfort/contracts/edge-snapshot.ts';
import { ProblemDocument } from '@ringfort/contracts/problem-document.ts';
import { systemClock } from '@ringfort/kit/clock.ts';
import { createLog } from '@ringfort/kit/log.ts';

import { startTestDatabases } from '../../db/test-database.ts';
import type { TestDatabase, TestDatabases } from '../../db/test-database.ts';
import { watchNewestSnapshot } from './newest-snapshot.ts';
import type { NewestSnapshot } from './newest-snapshot.ts';
import { digestContent, signSnapshot } from './plan-edge-snapshot.ts';
import { serveEdges } from './serve-edges.ts';
import { listEdges, storeSnapshot } from './store.ts';

let databases: TestDatabases;
before(async () => {
  databases = await startTestDatabases();
});
after(() => databases.stop());

const { privateKey: key } = generateKeyPairSync('ed25519');

type Setting = {
  readonly database: TestDatabase;
  readonly newest: NewestSnapshot;
  readonly acks: string[];
  readonly send: (method: 'GET' | 'POST', path: string, body?: unknown) => Promise<{ status: number; body: unknown }>;
  /** Makes a snapshot; each with other content. */
  readonly publish: () => Promise<void>;
};

async function withEdges(run: (setting: Setting) => Promise<void>): Promise<void> {
  const database = await databases.create();
  const folder = await mkdtemp(join(tmpdir(), 'ringfort-edges-'));
  const socketPath = join(folder, 'control.sock');
  const newest = watchNewestSnapshot(database.reconciler);
  const acks: string[] = [];
  const stopping = new AbortController();
  const log = createLog({ program: 'control', clock: systemClock, write: () => undefined });
  const server = serveEdges({
    database: database.reconciler,
    newest,
    edgeIds: ['edge-0', 'edge-1'],
    clock: systemClock,
    log,
    onAck: () => acks.push('ack'),
    stopping: stopping.signal,
  });
  server.listen(socketPath);
  await once(server, 'listening');
  const dispatcher = new Agent({ connect: { socketPath } });
  let published = 0;
  try {
    await run({
      database,
      newest,
      acks,
      send: async (method, path, body) => {
        const payload = body === undefined ? {} : { body: JSON.stringify(body) };
        const answer = await request(`http://control${path}`, { method, dispatcher, ...payload });
        const text = await answer.body.text();
        return { status: answer.statusCode, body: text === '' ? undefined : JSON.parse(text) };
      },
      publish: async () => {
        published += 1;
        const content = { sites: [], endpoints: [{ text: `${published}`, signature: 'AAAA' }], certificates: [] };
        await storeSnapshot(database.reconciler, {
          plan: async () => ({ content, digest: digestContent(content) }),
          sign: (planned, version) => signSnapshot(planned, { version, nowMs: 0, key }),
        });
        await newest.refresh();
      },
    });
  } finally {
    stopping.abort();
    await dispatcher.destroy();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await rm(folder, { recursive: true });
    await database.close();
  }
}

test('serveEdges() answers at once with a snapshot that is newer than the edge’s', () =>
  withEdges(async ({ publish, send }) => {
    await publish();
    const { status, body } = await send('GET', '/v1/snapshot?after=0&edge=edge-0');
    assert.equal(status, 200);
    assert.equal(EdgeSnapshot.parse(body).version, 1);
  }));

test('serveEdges() holds a poll until there is a newer snapshot', () =>
  withEdges(async ({ publish, send }) => {
    await publish();
    const poll = send('GET', '/v1/snapshot?after=1');
    await publish();
    assert.equal(EdgeSnapshot.parse((await poll).body).version, 2);
  }));

test('serveEdges() keeps who was heard: the named edge, or all of them when the poll names none', () =>
  withEdges(async ({ publish, send, database }) => {
    await publish();
    await send('GET', '/v1/snapshot?after=0&edge=edge-0');
    await send('GET', '/v1/snapshot?after=0&edge=nobody');
    assert.deepEqual(
      (await listEdges(database.reconciler)).map((edge) => edge.edgeId),
      ['edge-0'],
    );
    await send('GET', '/v1/snapshot?after=0');
    assert.equal((await listEdges(database.reconciler)).length, 2);
  }));

test('serveEdges() takes acknowledgements of its edges, also of an older version, and of nobody else', () =>
  withEdges(async ({ send, database, acks }) => {
    const ack = (edgeId: string, version: number) => send('POST', '/v1/snapshot-acks', { edgeId, version });
    assert.equal((await ack('edge-0', 5)).status, 204);
    assert.equal((await ack('edge-0', 3)).status, 204);
    const refused = await ack('nobody', 9);
    assert.equal(ProblemDocument.parse(refused.body).code, 'input-invalid');
    const edges = await listEdges(database.reconciler);
    assert.deepEqual(
      edges.map(({ edgeId, ackedVersion }) => [edgeId, ackedVersion]),
      [['edge-0', 3]],
    );
    assert.equal(acks.length, 2);
  }));

test('serveEdges() refuses what is not of the documented form', () =>
  withEdges(async ({ send }) => {
    assert.equal((await send('GET', '/v1/snapshot?after=-1')).status, 422);
    assert.equal((await send('GET', '/v1/snapshot?after=x')).status, 422);
    assert.equal((await send('POST', '/v1/snapshot-acks', { edgeId: 1 })).status, 422);
    assert.equal((await send('GET', '/v1/other')).status, 404);
  }));

test('storeSnapshot() never gives a version twice, however many make one at the same time', () =>
  withEdges(async ({ publish, database, newest }) => {
    await Promise.all(Array.from({ length: 8 }, publish));
    assert.equal((await newest.refresh())?.version, 8);
    await database.query('superuser', 'delete from ringfort.edge_snapshots');
    await publish();
    assert.equal((await newest.refresh())?.version, 9);
  }));
