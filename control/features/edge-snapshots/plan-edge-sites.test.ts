import assert from 'node:assert/strict';
import { test } from 'node:test';

import { ProjectConfig } from '@ringfort/contracts/application-config.ts';
import { Site } from '@ringfort/contracts/edge-snapshot.ts';
import { EnvironmentId, ReleaseId, WorkspaceId } from '@ringfort/contracts/identifiers.ts';
import { EnvironmentSlug, Hostname, ProjectSlug } from '@ringfort/contracts/names.ts';

import { planEdgeSites } from './plan-edge-sites.ts';
import type { EdgeEnvironment } from './plan-edge-sites.ts';

const releaseId = ReleaseId.parse('00000000-0000-7000-8000-000000000001');
const application = { runtime: 'node@24', start: 'node web.js' } as const;
const config = ProjectConfig.parse({
  name: 'shop',
  applications: { web: application, api: application },
  routes: { '/': 'web', '/api/v2': 'api', '/api': 'api' },
});
const environment = (digit: number, project: string, slug: string): EdgeEnvironment => ({
  workspaceId: WorkspaceId.parse('00000000-0000-7000-8000-0000000000a1'),
  environmentId: EnvironmentId.parse(`00000000-0000-7000-8000-0000000000c${digit}`),
  project: ProjectSlug.parse(project),
  environment: EnvironmentSlug.parse(slug),
  appsDomain: Hostname.parse('localhost'),
  domains: [],
  createdAtMs: digit,
  live: { releaseId, config },
});

test('planEdgeSites() names the live release and its routes, longest prefix first', () => {
  const [site] = planEdgeSites([environment(1, 'shop', 'staging')]);
  assert.deepEqual(Site.parse(site), site);
  assert.equal(site?.releaseId, releaseId);
  assert.deepEqual(site.routes, [
    { pathPrefix: '/api/v2', component: 'api' },
    { pathPrefix: '/api', component: 'api' },
    { pathPrefix: '/', component: 'web' },
  ]);
});

test('planEdgeSites() routes everything to the only application', () => {
  const only = ProjectConfig.parse({ name: 'shop', applications: { web: application } });
  const [site] = planEdgeSites([{ ...environment(1, 'shop', 'staging'), live: { releaseId, config: only } }]);
  assert.deepEqual(site?.routes, [{ pathPrefix: '/', component: 'web' }]);
});

test('planEdgeSites() names an environment without a release, so that the edge can say so', () => {
  const [site] = planEdgeSites([{ ...environment(1, 'shop', 'staging'), live: undefined }]);
  assert.deepEqual([site?.releaseId, site?.routes], [null, []]);
});

test('planEdgeSites() gives a host name that two environments would share to the older one', () => {
  const [older, newer] = planEdgeSites([environment(2, 'a', 'b-c'), environment(1, 'a-b', 'c')]);
  assert.deepEqual([older?.project, older?.hostnames], ['a-b', ['a-b-c.localhost']]);
  assert.deepEqual([newer?.project, newer?.hostnames], ['a', []]);
});
