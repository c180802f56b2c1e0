import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { BlockList } from 'node:net';
import { test } from 'node:test';

import type { EdgeSnapshot } from '@ringfort/contracts/edge-snapshot.ts';
import { parsePublicKey } from '@ringfort/contracts/signed.ts';

import { createTestAuthority, createTestEndpoint, createTestSite } from '../test-snapshot.ts';
import { verifySnapshot, type Verdict } from './verify-snapshot.ts';

const authority = await createTestAuthority();
const network = new BlockList();
network.addSubnet('10.89.0.0', 16, 'ipv4');
const site = createTestSite('shop-staging.test');
const endpoint = createTestEndpoint(site, 3000, { address: '10.89.0.5' });

function verify(document: unknown, newerThan = 0): Verdict {
  const controlKey = parsePublicKey(authority.controlKey);
  const agentKey = parsePublicKey(authority.agentKey);
  return verifySnapshot(document, { controlKey, agentKey, network, newerThan });
}

function refusal(document: unknown, newerThan = 0): string | undefined {
  const verdict = verify(document, newerThan);
  return 'refused' in verdict ? verdict.refused : undefined;
}

function endpointsOf(document: EdgeSnapshot): number {
  const verdict = verify(document);
  return 'snapshot' in verdict ? verdict.snapshot.endpoints.length : -1;
}

test('verifySnapshot() takes what control and the agent signed', async () => {
  const snapshot = await authority.sign({ version: 3, sites: [site], endpoints: [endpoint] });
  assert.equal(refusal(snapshot), undefined);
  assert.equal(endpointsOf(snapshot), 1);
});

test('verifySnapshot() refuses the same version and older ones', async () => {
  const snapshot = await authority.sign({ version: 3, sites: [site], endpoints: [endpoint] });
  assert.equal(refusal(snapshot, 3), 'older');
  assert.equal(refusal(snapshot, 4), 'older');
  assert.equal(refusal(snapshot, 2), undefined);
});

test('verifySnapshot() refuses a version that is not the signed one', async () => {
  const snapshot = await authority.sign({ version: 3, sites: [site], endpoints: [endpoint] });
  assert.equal(refusal({ ...snapshot, version: 9 }, 3), 'malformed');
});

test('verifySnapshot() refuses sites that control did not sign', async () => {
  const content = { version: 3, sites: [site], endpoints: [endpoint] };
  const snapshot = await authority.sign(content);
  const foreign = await authority.sign({ ...content, controlKey: generateKeyPairSync('ed25519').privateKey });
  const changed = { ...snapshot.sites, text: snapshot.sites.text.replace('shop-staging', 'evil-staging') };
  assert.equal(refusal(foreign), 'unsigned');
  assert.equal(refusal({ ...snapshot, sites: changed }), 'unsigned');
  assert.equal(refusal({ ...snapshot, sites: { ...snapshot.sites, signature: '' } }), 'unsigned');
});

test('verifySnapshot() refuses what is not of the form of a snapshot', async () => {
  const snapshot = await authority.sign({ version: 3, sites: [site], endpoints: [endpoint] });
  const documents = [
    undefined,
    null,
    'text',
    [],
    {},
    { ...snapshot, v: 2 },
    { ...snapshot, extra: 1 },
    { ...snapshot, version: 0 },
  ];
  for (const document of documents) assert.equal(refusal(document), 'malformed');
});

test('verifySnapshot() leaves out endpoints that the agent did not sign, and keeps the others', async () => {
  const good = await authority.sign({ version: 3, sites: [site], endpoints: [endpoint] });
  const foreign = await authority.sign({
    version: 3,
    sites: [site],
    endpoints: [endpoint],
    agentKey: generateKeyPairSync('ed25519').privateKey,
  });
  assert.equal(endpointsOf(foreign), 0);
  assert.equal(endpointsOf({ ...good, endpoints: [...foreign.endpoints, ...good.endpoints] }), 1);
});

test('verifySnapshot() takes no statement for another: sites signed as an endpoint are none', async () => {
  const good = await authority.sign({ version: 3, sites: [site], endpoints: [endpoint] });
  assert.equal(endpointsOf({ ...good, endpoints: [good.sites] }), 0);
});

test('verifySnapshot() leaves out endpoints outside the network, although the agent signed them', async () => {
  const addresses = ['127.0.0.1', '10.90.0.1', '169.254.169.254', '8.8.8.8'];
  const endpoints = addresses.map((address) => createTestEndpoint(site, 3000, { address }));
  const snapshot = await authority.sign({ version: 3, sites: [site], endpoints: [...endpoints, endpoint] });
  const verdict = verify(snapshot);
  assert.ok('snapshot' in verdict);
  assert.deepEqual(
    verdict.snapshot.endpoints.map(({ address }) => address),
    ['10.89.0.5'],
  );
  assert.equal(verdict.refusedEndpoints.length, 4);
});
