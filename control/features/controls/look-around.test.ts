import assert from 'node:assert/strict';
import { test } from 'node:test';

import { EnvironmentSpec } from '@ringfort/contracts/environment-spec.ts';

import { seenEnvironment } from './look-around.ts';

const id = (last: number): string => `01234567-89ab-7fff-bfff-00000000000${last}`;
const component = {
  name: 'web',
  image: `sha256:${'0'.repeat(64)}`,
  runtime: 'node@24',
  start: 'node server.js',
  port: 8080,
  replicas: 1,
  health: { path: '/', startSeconds: 60 },
  relationships: { db: 'database' },
  variables: {},
  memoryMiB: 128,
};
const spec = EnvironmentSpec.parse({
  v: 1,
  workspaceId: id(1),
  projectId: id(2),
  environmentId: id(3),
  project: 'shop',
  environment: 'test',
  generation: 1,
  state: 'present',
  criticality: 'noncritical',
  throwaway: false,
  services: [{ name: 'database', type: 'mysql@11.8', diskMiB: 512, memoryMiB: 256 }],
  releases: [{ releaseId: id(4), components: [component] }],
  hostnames: ['shop-test.localhost'],
  egress: { mode: 'open' },
});
const observed = (workload: object, state: string): object => ({
  workload,
  state,
  reason: '',
  restarts: 0,
  startedAt: null,
});
const web = { kind: 'component', name: 'web', releaseId: id(4), replica: 0 };

test('seenEnvironment() knows the port of each workload and the services that a component declares', () => {
  const workloads = [observed(web, 'healthy'), observed({ kind: 'service', name: 'database' }, 'healthy')];
  assert.deepEqual(
    seenEnvironment({ spec, workloads }).workloads.map(({ name, kind, uses, port }) => ({ name, kind, uses, port })),
    [
      { name: 'web.0', kind: 'component', uses: ['database'], port: 8080 },
      { name: 'database', kind: 'service', uses: [], port: 3306 },
    ],
  );
});

test('seenEnvironment() leaves out what does not run and what the specification does not name', () => {
  const gone = { ...web, releaseId: id(5) };
  const workloads = [
    observed(web, 'starting'),
    observed(gone, 'healthy'),
    observed({ kind: 'service', name: 'cache' }, 'healthy'),
  ];
  assert.deepEqual(seenEnvironment({ spec, workloads }).workloads, []);
});
