import assert from 'node:assert/strict';
import { test } from 'node:test';

import { ObservedEnvironment } from '@ringfort/contracts/agent-requests.ts';
import { EdgeCertificate } from '@ringfort/contracts/edge-snapshot.ts';
import type { Endpoint } from '@ringfort/contracts/edge-snapshot.ts';
import { ReleaseId } from '@ringfort/contracts/identifiers.ts';
import type { Signed } from '@ringfort/contracts/signed.ts';

import { mergeAddresses } from './merge-addresses.ts';
import type { Addresses } from './store.ts';

const environmentId = '00000000-0000-7000-8000-0000000000c1';
const live = ReleaseId.parse('00000000-0000-7000-8000-000000000001');
const gone = ReleaseId.parse('00000000-0000-7000-8000-000000000002');
const endpoint = (releaseId: string, address: string, changes: Partial<Endpoint> = {}): Signed => ({
  text: JSON.stringify({ environmentId, releaseId, component: 'web', replica: 0, address, port: 8_080, ...changes }),
  signature: 'AAAA',
});
const certificate = (hostname: string, notAfter: string): EdgeCertificate =>
  EdgeCertificate.parse({
    hostname,
    chainPem: '',
    sealedKey: { encapsulated: '', ciphertext: '' },
    notAfter: `${notAfter}T00:00:00.000Z`,
  });
const observed = (parts: Readonly<Record<string, unknown>>): ObservedEnvironment =>
  ObservedEnvironment.parse({
    environmentId,
    generation: 1,
    appliedGeneration: 1,
    message: '',
    workloads: [],
    endpoints: [],
    certificates: [],
    ...parts,
  });
const kept = { releaseIds: new Set([live]), hostnames: new Set(['shop-staging.localhost']) };
const none: Addresses = { endpoints: [], certificates: [] };

test('mergeAddresses() replaces the address of a replica by the newer one', () => {
  const stored = { ...none, endpoints: [endpoint(live, '10.0.0.2')] };
  const merged = mergeAddresses(stored, observed({ endpoints: [endpoint(live, '10.0.0.3')] }), kept);
  assert.deepEqual(merged.endpoints, [endpoint(live, '10.0.0.3')]);
});

test('mergeAddresses() keeps what the agent leaves out while the release runs, and nothing of another release', () => {
  const stored = { ...none, endpoints: [endpoint(live, '10.0.0.2'), endpoint(gone, '10.0.0.4')] };
  assert.deepEqual(mergeAddresses(stored, observed({}), kept).endpoints, [endpoint(live, '10.0.0.2')]);
});

test('mergeAddresses() takes renewed certificates, keeps others, and drops those of host names that are gone', () => {
  const known = certificate('shop-staging.localhost', '2026-01-01');
  const renewed = certificate('shop-staging.localhost', '2027-01-01');
  const stored = { ...none, certificates: [known, certificate('old.example.org', '2026-01-01')] };
  assert.deepEqual(mergeAddresses(stored, observed({}), kept).certificates, [known]);
  const merged = mergeAddresses(stored, observed({ certificates: [renewed] }), kept);
  assert.deepEqual(merged.certificates, [renewed]);
});
