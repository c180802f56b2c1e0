import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';

import { claimInstance, releaseInstance, type ClaimRequest } from './claim-instance.ts';
import { parseNetwork } from './network.ts';

const host = { networks: () => Promise.resolve([]), isPortFree: () => Promise.resolve(true) };

test('claimInstance() gives every instance other numbers, networks, ids and ports, and the same ones again', async (t) => {
  const request = await makeRequest(t);
  const claims = ['default', 'test', 'clone'].map((instance) => claimInstance({ ...request, instance }, host));
  const settled = await Promise.all(claims);
  for (const field of ['index', 'network', 'uidBase', 'interfacePrefix', 'httpPort', 'httpsPort'] as const) {
    assert.equal(new Set(settled.map((one) => one[field])).size, 3, field);
  }
  assert.deepEqual(await claimInstance({ ...request, instance: 'test' }, host), settled[1]);
});

test('claimInstance() steps over the networks and ports of the host', async (t) => {
  const request = await makeRequest(t);
  const settings = await claimInstance(request, {
    networks: () => Promise.resolve([parseNetwork('10.64.0.0/15')]),
    isPortFree: (port) => Promise.resolve(port !== 8_080),
  });
  assert.equal(settings.network, '10.66.0.0/16');
  assert.deepEqual([settings.httpPort, settings.httpsPort], [8_081, 8_444]);
});

test('claimInstance() follows ports that are asked for later, and refuses another engine', async (t) => {
  const request = await makeRequest(t);
  await claimInstance(request, host);
  assert.equal((await claimInstance({ ...request, httpsPort: 9_443 }, host)).httpsPort, 9_443);
  assert.equal((await claimInstance(request, host)).httpsPort, 9_443);
  await assert.rejects(claimInstance({ ...request, driver: 'simulated' }, host), /was set up with the engine/);
});

test('releaseInstance() frees the number for others', async (t) => {
  const request = await makeRequest(t);
  const first = await claimInstance(request, host);
  await releaseInstance(request.instance, request.stateFolder);
  await releaseInstance(request.instance, request.stateFolder);
  assert.equal((await claimInstance({ ...request, instance: 'other' }, host)).index, first.index);
});

async function makeRequest(t: { after: (clean: () => Promise<void>) => void }): Promise<ClaimRequest> {
  const stateFolder = await mkdtemp(join(tmpdir(), 'ringfort-claim-'));
  t.after(() => rm(stateFolder, { recursive: true }));
  return {
    instance: 'one',
    driver: 'container-engine',
    httpPort: undefined,
    httpsPort: undefined,
    mayTakeStandardPorts: false,
    edges: 2,
    stateFolder,
  };
}
