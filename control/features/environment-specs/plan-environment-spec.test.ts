import assert from 'node:assert/strict';
import { test } from 'node:test';

import { ProjectConfig } from '@ringfort/contracts/application-config.ts';
import { EnvironmentSpec, ImageDigest, ServiceSpec } from '@ringfort/contracts/environment-spec.ts';
import { EnvironmentId, ProjectId, ReleaseId, WorkspaceId } from '@ringfort/contracts/identifiers.ts';
import { EnvironmentSlug, Hostname, ProjectSlug } from '@ringfort/contracts/names.ts';

import { mergeServices } from './merge-services.ts';
import { planEnvironmentSpec } from './plan-environment-spec.ts';
import type { WantedEnvironment, WantedRelease } from './plan-environment-spec.ts';

const config = ProjectConfig.parse({
  name: 'shop',
  applications: { web: { runtime: 'node@24', start: 'node web.js', relationships: { database: 'database' } } },
  services: { database: { type: 'mysql@11.8' } },
});
const image = ImageDigest.parse(`sha256:${'a'.repeat(64)}`);
const database = ServiceSpec.parse({ name: 'database', type: 'mysql@11.8', diskMiB: 2_048, memoryMiB: 512 });
const release = (digit: number, of: ProjectConfig = config): WantedRelease => ({
  releaseId: ReleaseId.parse(`00000000-0000-7000-8000-00000000000${digit}`),
  config: of,
  images: new Map([['web', image]]),
});
const wanted: WantedEnvironment = {
  workspaceId: WorkspaceId.parse('00000000-0000-7000-8000-0000000000a1'),
  projectId: ProjectId.parse('00000000-0000-7000-8000-0000000000b1'),
  environmentId: EnvironmentId.parse('00000000-0000-7000-8000-0000000000c1'),
  project: ProjectSlug.parse('shop'),
  environment: EnvironmentSlug.parse('staging'),
  criticality: 'noncritical',
  throwaway: false,
  removed: false,
  appsDomain: Hostname.parse('localhost'),
  domains: [Hostname.parse('www.example.org'), Hostname.parse('example.org')],
  services: [database],
  releases: [release(1)],
};

test('planEnvironmentSpec() names services, releases and host names, in the form of the contract', () => {
  const spec = planEnvironmentSpec(wanted, 7);
  assert.deepEqual(EnvironmentSpec.parse(spec), spec);
  assert.equal(spec.generation, 7);
  assert.deepEqual(spec.hostnames, ['shop-staging.localhost', 'example.org', 'www.example.org']);
  assert.deepEqual(spec.services, [database]);
  assert.deepEqual(spec.releases, [
    {
      releaseId: release(1).releaseId,
      components: [
        {
          name: 'web',
          image,
          runtime: 'node@24',
          start: 'node web.js',
          port: 8_080,
          replicas: 1,
          health: { path: '/', startSeconds: 60 },
          relationships: { database: 'database' },
          variables: {},
          memoryMiB: 512,
        },
      ],
    },
  ]);
});

test('planEnvironmentSpec() keeps services that no release names any more', () => {
  const bare = ProjectConfig.parse({
    name: 'shop',
    applications: { web: { runtime: 'node@24', start: 'node web.js' } },
  });
  assert.deepEqual(planEnvironmentSpec({ ...wanted, releases: [release(2, bare)] }, 1).services, [database]);
});

test('planEnvironmentSpec() says nothing but who it was for a removed environment', () => {
  const spec = planEnvironmentSpec({ ...wanted, removed: true }, 9);
  assert.deepEqual(EnvironmentSpec.parse(spec), spec);
  assert.deepEqual([spec.state, spec.services, spec.releases, spec.hostnames], ['removed', [], [], []]);
});

test('planEnvironmentSpec() lets both releases reach what either may, and nothing without a release', () => {
  const limited = ProjectConfig.parse({ ...config, firewall: { outbound: [{ cidr: '192.0.2.0/24', port: 443 }] } });
  const egress = (...releases: WantedRelease[]): EnvironmentSpec['egress'] =>
    planEnvironmentSpec({ ...wanted, releases }, 1).egress;
  assert.deepEqual(egress(), { mode: 'restricted', rules: [] });
  assert.deepEqual(egress(release(1)), { mode: 'open' });
  assert.deepEqual(egress(release(1), release(2, limited)), { mode: 'open' });
  assert.deepEqual(egress(release(1, limited), release(2, limited)), {
    mode: 'restricted',
    rules: [{ cidr: '192.0.2.0/24', port: 443, protocol: 'tcp' }],
  });
});

test('planEnvironmentSpec() throws when a release lacks an image: such a release must not exist', () => {
  const broken = { ...release(1), images: new Map<string, ImageDigest>() };
  assert.throws(() => planEnvironmentSpec({ ...wanted, releases: [broken] }, 1), /no image of web/);
});

test('mergeServices() keeps what there is, adds what is new and never shrinks a disk', () => {
  const services = {
    database: { type: 'mysql@11.8', diskMiB: 1_024, memoryMiB: 1_024 },
    archive: { type: 'mysql@11.8', diskMiB: 512, memoryMiB: 512 },
  } as const;
  const merged = mergeServices([database], { applications: config.applications, services });
  assert.deepEqual(merged, [
    { name: 'archive', type: 'mysql@11.8', diskMiB: 512, memoryMiB: 512 },
    { name: 'database', type: 'mysql@11.8', diskMiB: 2_048, memoryMiB: 1_024 },
  ]);
});

test('mergeServices() refuses more services than an environment may have and says which there are', () => {
  const many = Object.fromEntries(
    Array.from({ length: 10 }, (_, index) => [
      `s${index}`,
      { type: 'mysql@11.8', diskMiB: 512, memoryMiB: 512 } as const,
    ]),
  );
  assert.throws(
    () => mergeServices([database], { applications: {}, services: many }),
    /11 services \(“database”, “s0”/,
  );
});

test('mergeServices() refuses an application with the name of a service that is there', () => {
  const application = { runtime: 'node@24', start: 'node web.js' };
  const clashing = ProjectConfig.parse({ name: 'shop', applications: { database: application } });
  assert.throws(() => mergeServices([database], clashing), /a service “database”/);
});
