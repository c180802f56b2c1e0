import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import type { Place, ProbeAttempt } from '@ringfort/contracts/probe.ts';

import type { EnvironmentPlan } from '../driver.ts';
import { applicationPort, servicePort, testAddress, testPlan } from '../test-plans.ts';
import { runProgram } from './run-program.ts';
import { addressOf, createAttempts, placeIn, tcp, untilHealthy } from './test-attempts.ts';
import { startTestDriver } from './test-driver.ts';
import { unprivileged } from './unprivileged.ts';

const subject = await startTestDriver();
const { driver, site, options } = subject;
const own = testPlan(site, 1);
const other = testPlan(site, 2);
const plans = [own, other];
const { make, assertAnswered, assertClosed } = createAttempts(driver, plans);

before(async () => {
  await Promise.all(plans.map((plan) => driver.apply(plan)));
  await Promise.all(plans.map((plan) => untilHealthy(driver, plan)));
});

after(async () => {
  for (const plan of plans) await driver.remove(plan.place);
  await subject.close();
});

const application = placeIn(own, 'component');
const service = placeIn(own, 'service');
const others = [placeIn(other, 'component'), placeIn(other, 'service')];
const foreign: Place = { kind: 'foreign' };
const host: Place = { kind: 'host' };
const serviceAddress = testAddress(own.place, 'service');
const applicationAddress = testAddress(own.place, 'application');

test('a service answers the application that declares it, and nobody else', async () => {
  const attempt = tcp(serviceAddress, servicePort);
  await assertAnswered(application, attempt);
  await assertAnswered(service, attempt);
  await assertClosed([...others, foreign, host], attempt);
});

test('an application answers the user of the edge alone, not even root', async () => {
  const curl = ['curl', '--silent', '--max-time', '1', `http://${applicationAddress}:${applicationPort}/`];
  const edge = { uid: options.edgeUid, gid: options.edgeUid };
  assert.equal((await runProgram(['env', ...unprivileged(edge), ...curl])).stdout, 'hello');
  assert.notEqual((await runProgram(['env', ...curl])).code, 0);
  const attempt = tcp(applicationAddress, applicationPort, 'GET / HTTP/1.0\r\n\r\n');
  await assertAnswered(application, attempt);
  await assertClosed([service, ...others, foreign, host], attempt);
});

for (const protocol of ['tcp', 'udp'] as const)
  test(`a planted ${protocol} listener answers inside its own namespace only`, async () => {
    const port = 9_999;
    const nonce = `canary-of-${protocol}-0123`;
    const canary = { action: 'canary', at: service, protocol, port, nonce, lifeMs: 20_000 } as const;
    assert.deepEqual(await driver.probe(canary, plans), { action: 'canary', listening: true });
    const attempt: ProbeAttempt = { protocol, address: serviceAddress, port, payload: 'x' };
    assert.equal(Buffer.from((await make(service, attempt)).answer, 'base64').toString(), nonce);
    await assertClosed([application, ...others, foreign, host], attempt);
  });

test('an echo request is answered inside its own namespace only', async () => {
  const attempt: ProbeAttempt = { protocol: 'icmp', address: serviceAddress };
  await assertAnswered(service, attempt);
  await assertClosed([application, ...others, foreign, host], attempt);
});

test('names are answered by the own resolver alone, and not for services', async () => {
  const ask = ({ place }: EnvironmentPlan): ProbeAttempt => ({
    protocol: 'dns',
    server: place.gateway,
    name: 'database',
  });
  const answer = Buffer.from((await make(application, ask(own))).answer, 'base64');
  assert.ok(answer.includes(Buffer.from(serviceAddress.split('.').map(Number))), 'the answer holds the address');
  await assertClosed([application], ask(other));
  await assertClosed([service, foreign, host], ask(own));
});

test('a service of the host answers other bridges but no workload, over IPv4 and link-local IPv6', async () => {
  const port = 9_998;
  const canary = {
    action: 'canary',
    at: host,
    protocol: 'tcp',
    port,
    nonce: 'canary-of-the-host',
    lifeMs: 20_000,
  } as const;
  await driver.probe(canary, plans);
  const { addresses } = await listeners(foreign);
  const gateway = addresses.find(({ address }) => address.startsWith('198.19.'))?.address.replace(/\d+$/, '1');
  await assertAnswered(foreign, tcp(gateway ?? '', port));
  const linkLocal = addressOf(own.place.bridge, 'IPv6');
  await assertAnswered(host, tcp(linkLocal, port));
  const targets = [own.place.gateway, other.place.gateway, options.buildProxy.address, gateway ?? '', linkLocal];
  for (const address of targets) await assertClosed([application, service], tcp(address, port));
});

test('a workload has no IPv6 address, so that no neighbour reaches it by one', async () => {
  for (const place of [application, service]) {
    const { addresses } = await listeners(place);
    assert.ok(addresses.length >= 2);
    assert.deepEqual(
      addresses.filter(({ address }) => address.includes(':')),
      [],
    );
  }
});

test('egress leads to no private network and no metadata service, whatever listens there', async () => {
  for (const address of ['169.254.169.254', '192.168.0.1', '172.16.0.1', '100.64.0.1', '10.255.255.53'])
    await assertClosed([application, service], tcp(address, 80));
});

async function listeners(at: Place) {
  const answer = await driver.probe({ action: 'listeners', at }, plans);
  assert.ok(answer.action === 'listeners');
  return answer;
}
