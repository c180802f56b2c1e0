import assert from 'node:assert/strict';
import { test } from 'node:test';

import { instancePaths } from '../instance/instance-paths.ts';
import { SupervisionPlan } from './program-plan.ts';
import { planSupervision, type PlanSource } from './plan-supervision.ts';

const account = (id: number): { uid: number; gid: number } => ({ uid: id, gid: id });
const source: PlanSource = {
  settings: {
    v: 1,
    instance: 'test',
    index: 1,
    driver: 'container-engine',
    network: '10.65.0.0/16',
    interfacePrefix: 'rf0000-',
    uidBase: 1,
    environmentsMax: 2,
    httpPort: 8_080,
    httpsPort: 8_443,
    edges: 2,
  },
  paths: instancePaths('test'),
  accounts: { db: account(1), control: account(2), edge: account(3), prober: account(4), proxy: account(5) },
  program: { folder: '/p/digest', digest: 'digest', node: '/p/node' },
  engine: { command: ['podman'], environment: { CONTAINERS_CONF: '/c' }, configuration: 'runc' },
  postgres: '/p/postgres',
  configurations: new Map([['control', '{}']]),
  certificateBundle: '/ca.pem',
};

test('planSupervision() starts what others stand on first and the edges last', () => {
  const plan = planSupervision(source);
  assert.deepEqual(
    plan.programs.map(({ name }) => name),
    ['engine', 'database', 'agent', 'build-proxy', 'injector', 'prober', 'control', 'edge-0', 'edge-1'],
  );
  assert.deepEqual(SupervisionPlan.parse(JSON.parse(JSON.stringify(plan))), plan);
});

test('planSupervision() lets root run what needs root alone, and only the edges keep a capability', () => {
  const { programs } = planSupervision(source);
  const asRoot = programs.filter((program) => program.account === undefined).map(({ name }) => name);
  assert.deepEqual(asRoot, ['engine', 'agent', 'injector']);
  const capable = programs.filter(({ capabilities }) => capabilities.length > 0);
  assert.deepEqual(
    capable.map(({ name, capabilities }) => [name, capabilities]),
    [
      ['edge-0', ['net_bind_service']],
      ['edge-1', ['net_bind_service']],
    ],
  );
});

test('planSupervision() gives programs nothing of the environment that the command was typed in', () => {
  const allowed = ['PATH', 'LC_ALL', 'NODE_EXTRA_CA_CERTS', 'CONTAINERS_CONF'];
  for (const { environment } of planSupervision(source).programs) {
    for (const name of Object.keys(environment)) assert.ok(allowed.includes(name), name);
  }
});

test('planSupervision() replaces the programs whose configuration changed, and no others', () => {
  const before = planSupervision(source);
  const after = planSupervision({ ...source, configurations: new Map([['control', '{"x":1}']]) });
  const digests = new Map(before.programs.map(({ name, digest }) => [name, digest]));
  const changed = after.programs.filter(({ name, digest }) => digests.get(name) !== digest);
  assert.deepEqual(
    changed.map(({ name }) => name),
    ['control'],
  );
  assert.notEqual(after.digest, before.digest);
});

test('planSupervision() leaves the database and the engine alone when the program changes', () => {
  const before = planSupervision(source);
  const after = planSupervision({ ...source, program: { ...source.program, folder: '/p/other', digest: 'other' } });
  const digests = new Map(before.programs.map(({ name, digest }) => [name, digest]));
  const kept = after.programs.filter(({ name, digest }) => digests.get(name) === digest);
  assert.deepEqual(
    kept.map(({ name }) => name),
    ['engine', 'database'],
  );
});

test('planSupervision() holds control back until the database is of its version', () => {
  const control = planSupervision(source).programs.find(({ name }) => name === 'control');
  assert.deepEqual(control?.waitsFor, ['/var/lib/ringfort/test/database/migrated-digest']);
});

test('planSupervision() runs no engine, proxy or injector where nothing is run for real', () => {
  const { programs } = planSupervision({ ...source, engine: undefined, accounts: undefined });
  assert.deepEqual(
    programs.map(({ name }) => name),
    ['database', 'agent', 'prober', 'control', 'edge-0', 'edge-1'],
  );
  for (const { account: owner, capabilities } of programs) assert.deepEqual([owner, capabilities], [undefined, []]);
});
