import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';

import { get } from '../test-client.ts';
import { startTestApplication, startTestEdge } from '../test-edge.ts';
import { createTestEndpoint, createTestSite } from '../test-snapshot.ts';

const hostname = 'shop-staging.test';

test('The edge serves from disk after a restart while control is away', async (t) => {
  const edge = await startTestEdge(t);
  const port = await startTestApplication(t, (_request, response) => response.end('ok'));
  const site = createTestSite(hostname);
  await edge.serve([site], [createTestEndpoint(site, port)]);
  await edge.control.close();
  const restarted = await edge.restart();
  assert.equal(restarted.version(), 1);
  assert.equal((await get(edge, hostname)).body, 'ok');
});

test('The edge refuses an older snapshot, before and after a restart, and serves on', async (t) => {
  const edge = await startTestEdge(t);
  const port = await startTestApplication(t, (_request, response) => response.end('ok'));
  const site = createTestSite(hostname);
  const first = await edge.serve([], []);
  await edge.serve([site], [createTestEndpoint(site, port)]);
  const refused = edge.whenLogged('"refused":"older"');
  edge.control.publish(first);
  await refused;
  assert.equal(edge.edge.version(), 2);
  const restarted = await edge.restart();
  const refusedAgain = edge.whenLogged('"refused":"older"');
  edge.control.publish(first);
  await refusedAgain;
  assert.equal(restarted.version(), 2);
  assert.equal((await get(edge, hostname)).body, 'ok');
});

test('The edge verifies what lies on disk: a changed copy is not served', async (t) => {
  const edge = await startTestEdge(t);
  const port = await startTestApplication(t, (_request, response) => response.end('ok'));
  const site = createTestSite(hostname);
  const snapshot = await edge.serve([site], [createTestEndpoint(site, port)]);
  await edge.control.close();
  const path = join(edge.config.home, 'snapshot.json');
  const changed = { ...snapshot.sites, text: snapshot.sites.text.replace(hostname, 'evil-staging.test') };
  await writeFile(path, JSON.stringify({ ...snapshot, sites: changed }));
  assert.equal((await edge.restart()).version(), 0);
  await writeFile(path, '{"half":');
  assert.equal((await edge.restart()).version(), 0);
  await writeFile(path, JSON.stringify(snapshot));
  assert.equal((await edge.restart()).version(), 1);
});

test('The edge leaves one bad certificate out and serves the other hosts', async (t) => {
  const edge = await startTestEdge(t);
  const port = await startTestApplication(t, (request, response) => response.end(request.headers.host));
  const [good, bad] = [createTestSite(hostname), createTestSite('bad-staging.test')];
  const endpoints = [createTestEndpoint(good, port), createTestEndpoint(bad, port)];
  const snapshot = await edge.sign({ version: 1, sites: [good, bad], endpoints });
  const swapped = snapshot.certificates.map((certificate) => {
    if (certificate.hostname !== 'bad-staging.test') return certificate;
    return { ...certificate, sealedKey: snapshot.certificates[0]?.sealedKey };
  });
  edge.control.publish({ ...snapshot, certificates: swapped });
  await edge.control.acknowledged(1);
  assert.equal((await get(edge, hostname)).status, 200);
  await assert.rejects(get(edge, 'bad-staging.test'));

  edge.control.publish(await edge.sign({ version: 2, sites: [good, bad], endpoints }));
  await edge.control.acknowledged(2);
  assert.equal((await get(edge, 'bad-staging.test')).status, 200);

  const third = await edge.sign({ version: 3, sites: [good, bad], endpoints });
  const broken = third.certificates.map((certificate) => ({ ...certificate, chainPem: 'none' }));
  edge.control.publish({ ...third, certificates: broken });
  await edge.control.acknowledged(3);
  assert.equal((await get(edge, hostname)).status, 200, 'the last good certificate is kept');
});

test('The edge joins only endpoints of the same environment, release and component', async (t) => {
  const edge = await startTestEdge(t);
  const port = await startTestApplication(t, (_request, response) => response.end('ok'));
  const [site, other] = [createTestSite(hostname), createTestSite('other-staging.test')];
  const foreign = [
    createTestEndpoint(other, port),
    createTestEndpoint(site, port, { environmentId: other.environmentId }),
    createTestEndpoint(site, port, { releaseId: String(other.releaseId) }),
    createTestEndpoint(site, port, { component: 'worker' }),
  ];
  await edge.serve([site], foreign);
  assert.equal((await get(edge, hostname)).status, 503);
});

test('The edge leaves a host name with the first site that claims it, and the platform’s with the platform', async (t) => {
  const edge = await startTestEdge(t);
  const startNamed = (name: string): Promise<number> =>
    startTestApplication(t, (_request, response) => response.end(name));
  const [first, second] = [
    createTestSite(hostname),
    createTestSite(hostname, { hostnames: [hostname, 'console.test'] }),
  ];
  const ports = await Promise.all([startNamed('first'), startNamed('second')]);
  await edge.serve(
    [first, second],
    [createTestEndpoint(first, ports[0] ?? 0), createTestEndpoint(second, ports[1] ?? 0)],
  );
  assert.equal((await get(edge, hostname)).body, 'first');
  assert.equal((await get(edge, 'console.test')).status, 503);
});

test('The edge loses no request under load, with every snapshot naming a new release', async (t) => {
  const edge = await startTestEdge(t);
  const port = await startTestApplication(t, (_request, response) => void setImmediate(() => response.end('ok')));
  const environment = createTestSite(hostname);
  const swap = async (): Promise<void> => {
    const site = createTestSite(hostname, { environmentId: environment.environmentId });
    await edge.serve([site], [createTestEndpoint(site, port)]);
  };
  await swap();
  const swapped = new AbortController();
  let answers = 0;
  const ask = async (): Promise<void> => {
    while (!swapped.signal.aborted) {
      const answer = await get(edge, hostname);
      assert.deepEqual([answer.status, answer.body], [200, 'ok']);
      answers += 1;
    }
  };
  const asking = Promise.all(Array.from({ length: 8 }, ask));
  for (let round = 0; round < 20; round += 1) await swap();
  swapped.abort();
  await asking;
  assert.ok(answers > 20);
  const lines = await edge.readLog();
  assert.equal(lines.length, answers);
  assert.ok(new Set(lines.map((line) => line.releaseId)).size > 10);
});
