import assert from 'node:assert/strict';
import { test } from 'node:test';

import { z } from 'zod';

import { standInApi, type StandInHandlers } from '../stand-in-api.ts';
import { testCommandLine } from '../test-command-line.ts';

const id = '01890000-0000-7000-8000-000000000001';
const other = '01890000-0000-7000-8000-000000000002';
const Shown = z.object({
  health: z.object({ agent: z.string() }),
  environments: z.array(z.object({ project: z.string(), slug: z.string() })),
});
const at = '2026-01-01T00:00:00.000Z';

test('status shows the platform, each environment, its address and its workloads, and ends with 0 when all is well', async () => {
  await using server = await standInApi(platform('healthy', ''));
  const run = await testCommandLine(['status', '-p', 'shop'], { url: server.url });
  assert.equal(run.exitCode, 0, run.err);
  assert.match(run.out, /Platform {2}control up, database up, agent up\n/);
  assert.match(run.out, /shop\/staging {2}live {2}https:\/\/shop-staging\.localhost\n/);
  assert.match(run.out, / ✓ web\.0 {5}healthy {2}started 5 min ago\n/);
});

test('status ends with 1 and says why when something is not well', async () => {
  await using server = await standInApi(platform('unhealthy', 'GET / answered \u001b[31m500'));
  const run = await testCommandLine(['status', '-p', 'shop'], { url: server.url });
  assert.equal(run.exitCode, 1);
  assert.match(run.out, / ✗ web\.0 {5}unhealthy {2}GET \/ answered 500, 2 restarts, started 5 min ago\n/);
});

test('status --json gives the environments with their projects', async () => {
  await using server = await standInApi(platform('healthy', ''));
  const run = await testCommandLine(['status', '--json'], { url: server.url });
  const shown = Shown.parse(JSON.parse(run.out));
  assert.deepEqual(shown, { health: { agent: 'up' }, environments: [{ project: 'shop', slug: 'staging' }] });
});

function platform(state: 'healthy' | 'unhealthy', reason: string): StandInHandlers {
  const environment = {
    id,
    slug: 'staging',
    stage: 'staging',
    criticality: 'noncritical',
    region: 'here',
    url: 'https://shop-staging.localhost',
    activeReleaseId: id,
    createdAt: at,
  } as const;
  const restarts = state === 'healthy' ? 0 : 2;
  const web = { kind: 'component', name: 'web', releaseId: id } as const;
  const draining = { kind: 'component', name: 'web', releaseId: other } as const;
  return {
    readHealth: () => ({ control: 'up', database: 'up', agent: 'up', version: '0.1.0' }),
    listProjects: () => ({ items: [{ id, slug: 'shop', createdAt: at }], next: null }),
    listEnvironments: () => ({ items: [environment], next: null }),
    readEnvironment: () => ({
      ...environment,
      observedAt: at,
      message: '',
      deployment: null,
      workloads: [
        { workload: web, state, reason, restarts, startedAt: at },
        { workload: draining, state: 'stopped', reason: '', restarts: 0, startedAt: null },
        { workload: { kind: 'service', name: 'database' }, state: 'healthy', reason: '', restarts: 0, startedAt: at },
      ],
    }),
  };
}
