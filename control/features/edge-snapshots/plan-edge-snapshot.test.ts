import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { test } from 'node:test';

import { EdgeSites, EdgeSnapshot, Site } from '@ringfort/contracts/edge-snapshot.ts';
import { EnvironmentId } from '@ringfort/contracts/identifiers.ts';
import { openSigned } from '@ringfort/contracts/signed.ts';

import { digestContent, planSnapshotContent, signSnapshot } from './plan-edge-snapshot.ts';

const { publicKey, privateKey } = generateKeyPairSync('ed25519');
const releaseId = '00000000-0000-7000-8000-000000000001';
const other = '00000000-0000-7000-8000-000000000002';
const environmentId = EnvironmentId.parse('00000000-0000-7000-8000-0000000000c1');
const site = Site.parse({
  workspaceId: '00000000-0000-7000-8000-0000000000a1',
  environmentId,
  project: 'shop',
  environment: 'staging',
  hostnames: ['shop-staging.localhost'],
  releaseId,
  routes: [{ pathPrefix: '/', component: 'web' }],
});
const endpoint = (release: string) => ({
  text: JSON.stringify({
    environmentId,
    releaseId: release,
    component: 'web',
    replica: 0,
    address: '10.0.0.2',
    port: 1,
  }),
  signature: 'AAAA',
});

test('planSnapshotContent() tells the endpoints of live releases alone', () => {
  const addresses = { endpoints: [endpoint(releaseId), endpoint(other)], certificates: [] };
  const known = { byEnvironment: new Map([[environmentId, addresses]]), platformCertificates: [] };
  assert.deepEqual(planSnapshotContent([site], known).endpoints, [endpoint(releaseId)]);
  assert.deepEqual(planSnapshotContent([{ ...site, releaseId: null }], known).endpoints, []);
});

test('signSnapshot() gives a snapshot that verifies, with the version both signed and outside', () => {
  const content = planSnapshotContent([site], { byEnvironment: new Map(), platformCertificates: [] });
  const snapshot = signSnapshot(content, { version: 3, nowMs: 0, key: privateKey });
  assert.deepEqual(EdgeSnapshot.parse(snapshot), snapshot);
  const sites = openSigned(snapshot.sites, { purpose: 'edge-sites', key: publicKey, schema: EdgeSites });
  assert.deepEqual(sites, { v: 1, version: 3, issuedAt: '1970-01-01T00:00:00.000Z', sites: [site] });
});

test('digestContent() differs when a site differs', () => {
  const known = { byEnvironment: new Map(), platformCertificates: [] };
  const live = digestContent(planSnapshotContent([site], known));
  assert.equal(live, digestContent(planSnapshotContent([site], known)));
  assert.notEqual(live, digestContent(planSnapshotContent([{ ...site, releaseId: null }], known)));
});
