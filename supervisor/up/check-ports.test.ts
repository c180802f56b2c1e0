import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { test } from 'node:test';

import { makeTestFolder } from '../daemon/test-plan.ts';
import { InstanceSettings } from '../instance/instance-settings.ts';
import { portIsFree } from '../instance/port-is-free.ts';
import { checkPorts, listenAddresses } from './check-ports.ts';

test('checkPorts() refuses a port that another program holds, naming the variable that chooses another', async (t) => {
  const recordsFolder = await makeTestFolder(t);
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  const address = server.address();
  assert.ok(address !== null && typeof address === 'object');
  assert.equal(await portIsFree(address.port), false);
  const settings = InstanceSettings.parse({
    v: 1,
    instance: 'test',
    index: 0,
    driver: 'container-engine',
    network: '10.64.0.0/16',
    interfacePrefix: 'rf0000-',
    uidBase: 1,
    environmentsMax: 1,
    httpPort: address.port,
    httpsPort: address.port,
    edges: 1,
  });
  await assert.rejects(checkPorts(settings, recordsFolder), ({ advice }: { advice: string }) =>
    advice.includes('RINGFORT_HTTP_PORT'),
  );
});

test('listenAddresses() leaves IPv6 out where the host has none', () => {
  const address = { address: '', netmask: '', mac: '', internal: true, cidr: null };
  const ipv4 = { ...address, family: 'IPv4' as const };
  const ipv6 = { ...address, family: 'IPv6' as const, scopeid: 0 };
  assert.deepEqual(listenAddresses({ lo: [ipv4] }), ['0.0.0.0']);
  assert.deepEqual(listenAddresses({ lo: [ipv4, ipv6] }), ['0.0.0.0', '::']);
});
