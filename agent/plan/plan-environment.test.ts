import assert from 'node:assert/strict';
import { test } from 'node:test';

import { testId, testRelease, testSpec } from '../test-spec.ts';
import { planCredentials, noCredentials } from './credentials.ts';
import { environmentPlace } from './environment-place.ts';
import { planEnvironment } from './plan-environment.ts';
import type { PlanInput } from './plan-input.ts';
import { listWorkloads, workloadKey } from './workload-key.ts';

const config = { network: '10.89.0.0/16', interfacePrefix: 'rf3a9c-', uidBase: 0x1000_0000 };
const images = { pause: 'pause', 'node@24': 'node', 'mysql@11.8': 'mysql' };

test('planEnvironment() gives every workload its address in the place of the environment', () => {
  const plan = planEnvironment(inputOf(testSpec()));
  assert.deepEqual(plan.place, {
    environmentId: testId(3),
    bridge: 'rf3a9c-5',
    subnet: '10.89.1.64/26',
    gateway: '10.89.1.65',
    uidStart: 0x1000_0000 + 7 * 65_536,
    throwaway: false,
  });
  assert.deepEqual(
    plan.workloads.map(({ key, address }) => [key, address]),
    [
      ['service/database', '10.89.1.66'],
      [`component/web/${testId(4)}/0`, '10.89.1.67'],
      [`component/web/${testId(4)}/1`, '10.89.1.68'],
    ],
  );
});

test('planEnvironment() lets a database be reached by its callers alone and gives it its volume and users', () => {
  const [database] = planEnvironment(inputOf(testSpec())).workloads;
  assert.deepEqual(database?.network, {
    accept: [{ port: 3306, from: ['10.89.1.67', '10.89.1.68'] }],
    connect: [],
    egress: 'none',
    resolver: false,
  });
  assert.deepEqual(
    [database.image, database.user, database.limits.memoryBytesMax],
    ['mysql', { uid: 999, gid: 999 }, 256 * 1024 * 1024],
  );
  assert.deepEqual(database.mounts, [
    { kind: 'volume', name: 'database', at: '/var/lib/mysql', sizeMiB: 512 },
    { kind: 'tmpfs', at: '/run/mysqld', sizeMiB: 8 },
    { kind: 'tmpfs', at: '/tmp', sizeMiB: 64 },
    {
      kind: 'file',
      name: 'init.sql',
      at: '/run/ringfort/init.sql',
      content: [
        'create database if not exists `app` character set utf8mb4 collate utf8mb4_unicode_ci;',
        "create or replace user 'ringfort_health'@'127.0.0.1' account lock;",
        "create or replace user 'web_database'@'%' identified by 'password-1';",
        "grant all privileges on `app`.* to 'web_database'@'%';",
        '',
      ].join('\n'),
    },
  ]);
});

test('planEnvironment() gives an application its way to the database, and no say over what is the platform’s', () => {
  const [, web] = planEnvironment(inputOf(testSpec())).workloads;
  assert.deepEqual(web?.network, {
    accept: [{ port: 8080, from: 'edge' }],
    connect: [{ address: '10.89.1.66', port: 3306 }],
    egress: 'open',
    resolver: true,
  });
  assert.deepEqual(web.variables, {
    NODE_ENV: 'production',
    HOME: '/tmp',
    GREETING: 'hello',
    PORT: '8080',
    RINGFORT_PROJECT: 'guestbook',
    RINGFORT_ENVIRONMENT: 'staging',
    RINGFORT_RELEASE: testId(4),
    DATABASE_HOST: 'database',
    DATABASE_PORT: '3306',
    DATABASE_USER: 'web_database',
    DATABASE_PASSWORD: 'password-1',
    DATABASE_DATABASE: 'app',
    DATABASE_URL: 'mysql://web_database:password-1@database:3306/app',
  });
  assert.deepEqual([web.command, web.workingDirectory], [['/bin/sh', '-c', 'node server.js'], '/app']);
  assert.deepEqual(web.health, { kind: 'http', port: 8080, path: '/healthz', startSeconds: 30 });
});

test('planEnvironment() opens nothing to a component that declares no relationship', () => {
  const spec = testSpec({ releases: [testRelease(4, { relationships: {}, replicas: 1 })] });
  const [database, web] = planEnvironment(inputOf(spec)).workloads;
  assert.deepEqual(database?.network.accept, [{ port: 3306, from: [] }]);
  assert.deepEqual(web?.network.connect, []);
  assert.equal(
    Object.keys(web.variables).some((name) => name.startsWith('DATABASE')),
    false,
  );
});

test('planEnvironment() passes restricted egress on as its rules', () => {
  const rules = [{ cidr: '192.0.2.0/24', port: 443, protocol: 'tcp' }];
  const plan = planEnvironment(inputOf(testSpec({ egress: { mode: 'restricted', rules } })));
  assert.deepEqual(
    plan.workloads.map(({ network }) => network.egress),
    ['none', rules, rules],
  );
});

test('planEnvironment() keeps the digest of a service when only the callers of it change', () => {
  const one = planEnvironment(inputOf(testSpec({ releases: [testRelease(4)] })));
  const two = planEnvironment(inputOf(testSpec({ releases: [testRelease(4), testRelease(5)] })));
  assert.equal(one.workloads[0]?.digest, two.workloads[0]?.digest);
  assert.notDeepEqual(one.workloads[0]?.network, two.workloads[0]?.network);
});

test('planEnvironment() changes the digest of a component with its start, variables and memory', () => {
  const digestOf = (parts: Readonly<Record<string, unknown>>): string | undefined =>
    planEnvironment(inputOf(testSpec({ releases: [testRelease(4, parts)] }))).workloads[1]?.digest;
  const changes = [{}, { start: 'node other.js' }, { variables: { GREETING: 'hi' } }, { memoryMiB: 256 }];
  assert.equal(new Set(changes.map(digestOf)).size, changes.length);
  assert.equal(digestOf({ health: { path: '/other', startSeconds: 30 } }), digestOf({}));
});

function inputOf(spec: PlanInput['spec']): PlanInput {
  const keys = listWorkloads(spec).map(workloadKey);
  let made = 0;
  const credentials = planCredentials(spec, noCredentials, () => `password-${(made += 1)}`);
  const place = environmentPlace(
    { environmentId: spec.environmentId, uidIndex: 7, subnetIndex: 5, throwaway: false },
    config,
  );
  return { spec, place, addressOf: (key) => `10.89.1.${66 + keys.indexOf(key)}`, credentials, images };
}
