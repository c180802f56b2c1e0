import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';

import { BuildEvent, ObserveAnswer } from '@ringfort/contracts/agent-requests.ts';
import { Endpoint } from '@ringfort/contracts/edge-snapshot.ts';
import { openSigned, parsePublicKey } from '@ringfort/contracts/signed.ts';
import { systemClock as clock } from '@ringfort/kit/clock.ts';

import { readPublicKeys } from './read-public-keys.ts';
import { startTestAgent, type TestAgent } from './test-agent.ts';
import { testId, testRelease, testSpec } from './test-spec.ts';

const source = Buffer.from('a source archive');
const empty = testSpec({ releases: [] });

test('startAgent() takes a specification, builds, runs a release and signs where it listens', async (context) => {
  const agent = await startTestAgent(context);
  assert.deepEqual(JSON.parse(await agent.ask('applySpec', { body: empty })), { generation: 1 });
  await agent.until(({ appliedGeneration }) => appliedGeneration === 1);
  const image = await build(agent, 10);
  await agent.ask('applySpec', { body: testSpec({ generation: 2, releases: [testRelease(4, { image })] }) });
  const seen = await agent.until(
    ({ workloads }) => workloads.length === 3 && workloads.every(({ state }) => state === 'healthy'),
  );
  assert.deepEqual([seen.appliedGeneration, seen.message], [2, '']);
  assert.deepEqual(
    seen.certificates.map(({ hostname }) => hostname),
    ['guestbook-staging.localhost'],
  );
  const key = parsePublicKey((await readPublicKeys(agent.config, clock)).verifyKey);
  const endpoints = seen.endpoints.map((signed) => openSigned(signed, { purpose: 'endpoint', key, schema: Endpoint }));
  assert.deepEqual(endpoints, [
    {
      environmentId: testId(3),
      releaseId: testId(4),
      component: 'web',
      replica: 0,
      address: '10.89.0.68',
      port: 8_080,
    },
    {
      environmentId: testId(3),
      releaseId: testId(4),
      component: 'web',
      replica: 1,
      address: '10.89.0.69',
      port: 8_080,
    },
  ]);
});

test('startAgent() offers on each socket only what belongs to it', async (context) => {
  const agent = await startTestAgent(context);
  for (const name of ['applySpec', 'build', 'exec', 'streamLogs', 'Observe', 'observe/', '../v1/observe']) {
    await assert.rejects(agent.ask(name, { socket: 'proberSocket' }), { code: 'not-found' }, name);
  }
  for (const name of ['probe', 'constructor', '__proto__', '']) {
    await assert.rejects(agent.ask(name), { code: 'not-found' }, name);
  }
  assert.equal(
    ObserveAnswer.parse(JSON.parse(await agent.ask('observe', { socket: 'proberSocket' }))).driver,
    'simulated',
  );
  assert.equal((await stat(agent.config.controlSocket)).mode & 0o777, 0o660);
});

test('startAgent() refuses what is not of the documented form, and commands without trusted sessions', async (context) => {
  const agent = await startTestAgent(context);
  await assert.rejects(agent.ask('applySpec', { body: { ...empty, privileged: true } }), { code: 'input-invalid' });
  await assert.rejects(agent.ask('applySpec', { body: Buffer.from('{') }), { code: 'input-invalid' });
  await assert.rejects(agent.ask('observe', { body: { padding: 'x'.repeat(2 * 1024 * 1024) } }), {
    code: 'body-too-large',
  });
  await assert.rejects(agent.ask('build', { body: source }), { code: 'input-invalid' });
  const ticket = { text: '{}', signature: '' };
  const exec = { environmentId: testId(3), workload: { kind: 'service', name: 'database' }, command: ['env'], ticket };
  await assert.rejects(agent.ask('exec', { body: exec }), { code: 'ticket-refused' });
});

test('startAgent() goes on from disk after a restart, with the same addresses, passwords and certificates', async (context) => {
  const agent = await startTestAgent(context);
  await agent.ask('applySpec', { body: empty });
  await agent.until(({ appliedGeneration }) => appliedGeneration === 1);
  const image = await build(agent, 10);
  await agent.ask('applySpec', { body: testSpec({ generation: 2, releases: [testRelease(4, { image })] }) });
  const before = await agent.until(({ endpoints }) => endpoints.length === 2);
  await agent.restart();
  const after = await agent.until(({ workloads }) => workloads.every(({ state }) => state === 'healthy'));
  assert.deepEqual(
    [after.endpoints, after.certificates, after.appliedGeneration],
    [before.endpoints, before.certificates, 2],
  );
  assert.deepEqual(
    after.workloads.map(({ startedAt }) => startedAt),
    before.workloads.map(({ startedAt }) => startedAt),
    'nothing was started again',
  );
});

test('startAgent() refuses older specifications, also after a restart', async (context) => {
  const agent = await startTestAgent(context);
  await agent.ask('applySpec', { body: { ...empty, generation: 5 } });
  await agent.restart();
  await assert.rejects(agent.ask('applySpec', { body: empty }), { code: 'spec-stale' });
});

test('startAgent() removes an environment without a trace and never takes its id again', async (context) => {
  const agent = await startTestAgent(context);
  await agent.ask('applySpec', { body: empty });
  await agent.until(({ appliedGeneration }) => appliedGeneration === 1);
  const removed = { ...empty, generation: 2, state: 'removed', services: [], hostnames: [] };
  await agent.ask('applySpec', { body: removed });
  while ((await agent.observe()).length > 0);
  assert.deepEqual(await readdir(join(agent.config.home, 'environments')), []);
  const [gone] = ObserveAnswer.parse(
    JSON.parse(await agent.ask('observe', { body: { environmentId: testId(3) } })),
  ).environments;
  assert.deepEqual([gone?.generation, gone?.appliedGeneration, gone?.workloads], [2, 2, []]);
  assert.deepEqual(JSON.parse(await agent.ask('applySpec', { body: removed })), { generation: 2 });
  await assert.rejects(agent.ask('applySpec', { body: { ...empty, generation: 3 } }), { code: 'state-conflict' });
});

test('startAgent() joins the same build, gives its result again, and refuses another under its id', async (context) => {
  const agent = await startTestAgent(context);
  await agent.ask('applySpec', { body: empty });
  await agent.until(({ appliedGeneration }) => appliedGeneration === 1);
  const images = await Promise.all([build(agent, 10), build(agent, 10), build(agent, 10)]);
  assert.equal(new Set([...images, await build(agent, 10)]).size, 1);
  await assert.rejects(build(agent, 10, { command: 'npm ci' }), { code: 'state-conflict' });
  await assert.rejects(build(agent, 11, { sourceDigest: '0'.repeat(64) }), { code: 'source-refused' });
  assert.deepEqual(await readdir(join(agent.config.home, 'spool')), []);
});

test('startAgent() keeps the result of a failed build over a restart', async (context) => {
  const agent = await startTestAgent(context);
  await agent.ask('applySpec', { body: empty });
  await agent.until(({ appliedGeneration }) => appliedGeneration === 1);
  await assert.rejects(build(agent, 10, { component: 'fails-build' }), /build-failed/);
  await agent.restart();
  const events = await buildEvents(agent, 10, { component: 'fails-build' });
  assert.deepEqual(
    events.map(({ type }) => type),
    ['failed'],
  );
});

test('startAgent() builds for environments alone that are in place', async (context) => {
  const agent = await startTestAgent(context);
  await assert.rejects(build(agent, 10), { code: 'not-found' });
  await agent.ask('applySpec', { body: testSpec() });
  await agent.until(({ message }) => message.includes('no image'));
  await assert.rejects(build(agent, 10), { code: 'state-conflict' });
});

test('startAgent() starts an unhealthy application again and tells why', async (context) => {
  const agent = await startTestAgent(context);
  await agent.ask('applySpec', { body: empty });
  await agent.until(({ appliedGeneration }) => appliedGeneration === 1);
  const image = await build(agent, 10);
  const release = testRelease(4, { image, name: 'fails-health', replicas: 1, health: { path: '/', startSeconds: 5 } });
  await agent.ask('applySpec', { body: testSpec({ generation: 2, releases: [release] }) });
  const seen = await agent.until(({ workloads }) => workloads.some(({ restarts }) => restarts === 1));
  const web = seen.workloads.find(({ workload }) => workload.name === 'fails-health');
  assert.deepEqual([web?.state, web?.reason], ['starting', 'GET / answered 500']);
  assert.equal(seen.workloads[0]?.state, 'healthy');
});

test('startAgent() follows the log of a workload, and of none that is not there', async (context) => {
  const agent = await startTestAgent(context);
  await agent.ask('applySpec', { body: empty });
  await agent.until(({ appliedGeneration }) => appliedGeneration === 1);
  const lines = await agent.ask('streamLogs', { body: { environmentId: testId(3) } });
  assert.match(lines, /"source":"database"/);
  const workload = { kind: 'component', name: 'web' };
  await assert.rejects(agent.ask('streamLogs', { body: { environmentId: testId(3), workload } }), {
    code: 'not-found',
  });
  await assert.rejects(agent.ask('streamLogs', { body: { environmentId: testId(9) } }), { code: 'not-found' });
});

/** The image of a build that succeeds; rejects with the code of one that does not. */
async function build(agent: TestAgent, number: number, parts: Readonly<Record<string, unknown>> = {}): Promise<string> {
  const last = (await buildEvents(agent, number, parts)).at(-1);
  if (last?.type === 'built') return last.image;
  throw new Error(last?.type === 'failed' ? last.code : 'The build was broken off');
}

async function buildEvents(
  agent: TestAgent,
  number: number,
  parts: Readonly<Record<string, unknown>>,
): Promise<readonly BuildEvent[]> {
  const sourceDigest = createHash('sha256').update(source).digest('hex');
  const request = {
    buildId: testId(number),
    environmentId: testId(3),
    component: 'web',
    runtime: 'node@24',
    sourceDigest,
    ...parts,
  };
  const answer = await agent.ask('build', { body: source, headers: { 'ringfort-request': JSON.stringify(request) } });
  return answer
    .trim()
    .split('\n')
    .map((line) => BuildEvent.parse(JSON.parse(line)));
}
