import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';

import { InjectRequest } from '@ringfort/contracts/injection.ts';
import { systemClock as clock } from '@ringfort/kit/clock.ts';

import { createEngineClient, type EngineClient } from './engine-client.ts';
import { prepareBreak } from './prepare-break.ts';
import { listThrowawayWorkloads } from './throwaway-workloads.ts';

const throwaway = '01900000-0000-7000-8000-000000000003';
const lasting = '01900000-0000-7000-8000-000000000004';
const labels = {
  'ringfort.instance': 'test',
  'ringfort.environment': throwaway,
  'ringfort.throwaway': 'true',
  'ringfort.ref': '{"kind":"service","name":"database"}',
};

test('listThrowawayWorkloads() believes what each container says, whatever the list said', async (context) => {
  const engine = await startEngine(context, [
    { labels },
    { labels: { ...labels, 'ringfort.throwaway': 'false', 'ringfort.environment': lasting } },
    { labels: { ...labels, 'ringfort.instance': 'other' } },
    { labels, isRunning: false },
    { labels, namespace: '' },
  ]);
  assert.deepEqual(await listThrowawayWorkloads(engine, 'test'), [
    { environmentId: throwaway, ref: { kind: 'service', name: 'database' }, namespace: '/run/netns/netns-0' },
  ]);
});

test('listThrowawayWorkloads() refuses a namespace that is not one of the engine', async (context) => {
  for (const namespace of ['/proc/1/ns/net', '/run/netns/../../proc/1/ns/net', '/run/netns/a/b']) {
    const engine = await startEngine(context, [{ labels, namespace }]);
    await assert.rejects(listThrowawayWorkloads(engine, 'test'), namespace);
  }
});

test('prepareBreak() breaks nothing in an environment that is not throw-away', async (context) => {
  const engine = await startEngine(context, [
    { labels },
    { labels: { ...labels, 'ringfort.throwaway': 'false', 'ringfort.environment': lasting } },
  ]);
  const workload = { kind: 'service', name: 'database' };
  const requests = [
    { injection: 'flush-rules', environmentId: lasting, leaseMs: 1_000 },
    { injection: 'start-listener', environmentId: lasting, workload, port: 6_379, leaseMs: 1_000 },
  ];
  for (const request of requests) {
    const prepared = prepareBreak(InjectRequest.parse(request), { engine, instance: 'test', leaseId: 'x', clock });
    await assert.rejects(prepared.repeat(), { code: 'not-found' });
  }
});

type Container = {
  readonly labels: Readonly<Record<string, string>>;
  readonly isRunning?: boolean;
  readonly namespace?: string;
};

/** A program that answers as the engine does; its list does not filter. */
async function startEngine(context: TestContext, containers: readonly Container[]): Promise<EngineClient> {
  const folder = await mkdtemp(join(tmpdir(), 'ringfort-injector-'));
  const idOf = (index: number): string => String(index).padStart(64, '0');
  const server = createServer((message, response) => {
    const index = Number(/containers\/(\d{64})\/json$/.exec(message.url ?? '')?.[1] ?? NaN);
    const container = containers[index];
    if (container !== undefined) response.end(JSON.stringify(detailOf(container, index)));
    else if (message.url?.includes('/networks/') === true) response.end('[]');
    else response.end(JSON.stringify(containers.map((_, at) => ({ Id: idOf(at) }))));
  });
  const socket = join(folder, 'engine.sock');
  await new Promise<void>((resolve) => void server.listen(socket, resolve));
  const engine = createEngineClient(socket);
  context.after(async () => {
    await engine.close();
    server.close();
    await rm(folder, { recursive: true, force: true });
  });
  return engine;
}

function detailOf({ labels: Labels, isRunning = true, namespace }: Container, index: number): unknown {
  return {
    State: { Running: isRunning },
    NetworkSettings: { SandboxKey: namespace ?? `/run/netns/netns-${index}` },
    Config: { Labels },
  };
}
