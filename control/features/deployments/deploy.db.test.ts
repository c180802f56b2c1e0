import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { api } from '@ringfort/contracts/api/api.ts';
import { deploymentSteps } from '@ringfort/contracts/deployment-step.ts';
import { ImageDigest } from '@ringfort/contracts/environment-spec.ts';
import { Problem } from '@ringfort/contracts/problem.ts';

import { startTestDatabases } from '../../db/test-database.ts';
import type { TestDatabases } from '../../db/test-database.ts';
import { withTestProject, testConfig } from './test-project.ts';

let databases: TestDatabases;
before(async () => {
  databases = await startTestDatabases();
});
after(() => databases.stop());

const withProject = (run: Parameters<typeof withTestProject>[1]): Promise<void> => withTestProject(databases, run);

test('createDeployment() brings a source into service by every step in order', () =>
  withProject(async (project) => {
    const id = await project.deploy();
    assert.equal(await project.finish(id), 'succeeded');
    const events = await project.events(id);
    const states = events.map((event) => event.state);
    assert.deepEqual([...new Set(states)], [...deploymentSteps, 'succeeded']);
    const lines = events.filter(({ state }) => state === 'building').map((event) => event.line);
    assert.deepEqual(lines, ['Builds web', 'building web', 'done']);
    const [release] = await project.releases();
    assert.deepEqual([release?.number, release?.active, events.at(-1)?.line], [1, true, 'Release 1 is in service']);
    const spec = project.spec();
    assert.deepEqual(spec.hostnames, ['shop-staging.localhost']);
    assert.deepEqual(
      spec.releases.map((one) => one.releaseId),
      [release?.id],
    );
    const site = await project.site();
    assert.deepEqual([site?.releaseId, site?.routes], [release?.id, [{ pathPrefix: '/', component: 'web' }]]);
  }));

test('createDeployment() keeps the old release in service when the build fails', () =>
  withProject(async (project) => {
    await project.finish(await project.deploy());
    const { releaseId } = (await project.site()) ?? {};
    project.platform.agent.build = () => [{ type: 'failed', code: 'build-failed', reason: 'exit code 2' }];
    const id = await project.deploy();
    assert.equal(await project.finish(id), 'failed');
    assert.equal((await project.read(id)).message, 'The build of web failed: exit code 2');
    assert.equal((await project.releases()).length, 1);
    assert.equal((await project.site())?.releaseId, releaseId);
  }));

test('createDeployment() keeps the old release in service when the new one is not healthy', () =>
  withProject(async (project) => {
    await project.finish(await project.deploy());
    const { releaseId } = (await project.site()) ?? {};
    project.platform.agent.health = (_component, id) =>
      id === releaseId ? healthy : { state: 'stopped', reason: 'exit code 1', restarts: 5 };
    const id = await project.deploy();
    await project.reach(id, 'starting');
    assert.equal(project.spec().releases.length, 2);
    assert.equal(await project.finish(id), 'failed');
    assert.match((await project.read(id)).message, /web\.0 was restarted 5 times and is not healthy: exit code 1/);
    await project.platform.round();
    assert.deepEqual(
      project.spec().releases.map((release) => release.releaseId),
      [releaseId],
    );
    assert.equal((await project.site())?.releaseId, releaseId);
  }));

test('createDeployment() leaves no release when the first one is not healthy in its time', () =>
  withProject(async (project) => {
    project.platform.agent.health = () => ({ state: 'unhealthy', reason: 'GET / answered 500', restarts: 0 });
    const id = await project.deploy();
    await project.reach(id, 'starting');
    project.platform.clock.advance(10 * 60_000);
    assert.equal(await project.finish(id), 'failed');
    assert.match((await project.read(id)).message, /GET \/ answered 500/);
    await project.platform.round();
    assert.deepEqual(project.spec().releases, []);
    assert.equal((await project.site())?.releaseId, null);
  }));

test('createDeployment() supersedes an earlier deployment that has not switched traffic', () =>
  withProject(async (project) => {
    project.platform.agent.health = () => ({ state: 'starting', reason: 'not yet', restarts: 0 });
    const first = await project.deploy();
    await project.reach(first, 'starting');
    project.platform.agent.health = () => healthy;
    const second = await project.deploy();
    assert.equal(await project.finish(second), 'succeeded');
    const { state, message } = await project.read(first);
    assert.deepEqual([state, message], ['superseded', 'A later deployment took its place']);
    assert.deepEqual(
      (await project.releases()).map(({ number, active }) => [number, active]),
      [
        [2, true],
        [1, false],
      ],
    );
  }));

test('createDeployment() lets a deployment that switches traffic end before the next one', () =>
  withProject(async (project) => {
    const first = await project.deploy();
    await project.reach(first, 'switching');
    const second = await project.deploy();
    assert.equal(await project.finish(second), 'succeeded');
    assert.equal((await project.read(first)).state, 'succeeded');
  }));

test('createDeployment() goes back to the old release when a live edge does not follow', () =>
  withProject(async (project) => {
    await project.finish(await project.deploy());
    const { releaseId } = (await project.site()) ?? {};
    const id = await project.deploy();
    await project.reach(id, 'switching');
    assert.notEqual((await project.site())?.releaseId, releaseId);
    for (let seconds = 0; seconds <= 60; seconds += 20) {
      await project.platform.seeEdges();
      await project.platform.round();
      project.platform.clock.advance(20_000);
    }
    const { state, message } = await project.read(id);
    assert.equal(state, 'failed');
    assert.match(message, /Waits until the edges serve the new release: “edge-0”, “edge-1”/);
    assert.equal((await project.site())?.releaseId, releaseId);
    assert.equal(project.spec().releases.length, 2, 'edges may still send requests to the new release');
    await project.platform.acknowledge();
    await project.platform.round();
    await project.platform.round();
    project.platform.clock.advance(10_000);
    await project.platform.round();
    assert.deepEqual(
      project.spec().releases.map((release) => release.releaseId),
      [releaseId],
    );
  }));

test('createDeployment() drops the old release only after every live edge has acknowledged and it has drained', () =>
  withProject(async (project) => {
    await project.finish(await project.deploy());
    const id = await project.deploy();
    await project.reach(id, 'switching');
    await project.platform.seeEdges();
    await project.platform.round();
    assert.equal((await project.read(id)).state, 'switching');
    await project.platform.acknowledge();
    await project.reach(id, 'draining');
    await project.platform.round();
    assert.equal(project.spec().releases.length, 2);
    project.platform.clock.advance(10_000);
    await project.reach(id, 'succeeded');
    assert.equal(project.spec().releases.length, 1);
  }));

test('createDeployment() keeps services that a later configuration leaves out', () =>
  withProject(async (project) => {
    await project.finish(await project.deploy());
    const { name } = testConfig;
    const bare = { name, applications: { web: { runtime: 'node@24', start: 'node web.js' } } };
    assert.equal(await project.finish(await project.deploy(bare)), 'succeeded');
    assert.deepEqual(
      project.spec().services.map((service) => service.name),
      ['database'],
    );
  }));

test('createDeployment() refuses the configuration of another project', () =>
  withProject(async (project) => {
    await assert.rejects(project.deploy({ ...testConfig, name: 'other' }), /“other”, but the project is “shop”/);
  }));

test('createDeployment() refuses text that no database and no process can carry', () =>
  withProject(async (project) => {
    const { web } = testConfig.applications;
    const config = { ...testConfig, applications: { web: { ...web, variables: { A: 'a\0b' } } } };
    await assert.rejects(project.deploy(config), /NUL/);
  }));

test('createDeployment() survives output that holds what the database cannot', () =>
  withProject(async (project) => {
    const image = ImageDigest.parse(`sha256:${'a'.repeat(64)}`);
    project.platform.agent.build = () => [
      { type: 'log', at: '2026-01-01T00:00:00.000Z', line: `a\0b\ud800 ${'ü'.repeat(5_000)}` },
      { type: 'built', image, sizeBytes: 1 },
    ];
    const id = await project.deploy();
    assert.equal(await project.finish(id), 'succeeded');
    const line = (await project.events(id)).find((event) => event.line.startsWith('a'))?.line ?? '';
    assert.match(line, /^a�b� ü+…$/);
    assert.ok(Buffer.byteLength(line) <= 4_100);
  }));

test('rollBack() puts an earlier release back into service without a build', () =>
  withProject(async (project) => {
    await project.finish(await project.deploy());
    await project.finish(await project.deploy());
    const built = project.platform.agent.builds.length;
    const id = await project.rollBack();
    assert.equal(await project.finish(id), 'succeeded');
    assert.equal(project.platform.agent.builds.length, built);
    const releases = await project.releases();
    assert.deepEqual(
      releases.map(({ number, active }) => [number, active]),
      [
        [2, false],
        [1, true],
      ],
    );
    assert.equal((await project.site())?.releaseId, releases[1]?.id);
    await assert.rejects(project.rollBack(), /no earlier release/);
    await assert.rejects(project.rollBack(1), /Release 1 is in service already/);
    await assert.rejects(project.rollBack(7), /no release 7/);
    assert.equal(await project.finish(await project.rollBack(2)), 'succeeded');
  }));

test('deleteEnvironment() withdraws it from the edges before the agent takes it away', () =>
  withProject(async (project) => {
    await project.finish(await project.deploy());
    const { platform } = project;
    await platform.seeEdges();
    await project.deleteEnvironment();
    await platform.round();
    assert.equal(await project.site(), undefined);
    await platform.round();
    assert.equal(project.spec().state, 'present');
    assert.equal(project.spec().releases.length, 1, 'its addresses rest until the edges have forgotten them');
    await platform.acknowledge();
    await platform.round();
    platform.clock.advance(10_000);
    for (let rounds = 0; rounds < 3; rounds += 1) await platform.round();
    assert.equal(project.spec().state, 'removed');
    await project.createEnvironment();
  }));

test('readDeployment() does not find the deployment of another environment', () =>
  withProject(async (project) => {
    const deployment = await project.deploy();
    const params = { workspace: 'main', project: 'shop', environment: 'other', deployment };
    await project.platform.call('createEnvironment', { params, body: { slug: 'other', stage: 'test' } });
    const notFound = { name: 'Problem', code: 'not-found' };
    await assert.rejects(project.platform.call('readDeployment', { params }), notFound);
    await assert.rejects(project.platform.stream('streamDeployment', { params }), notFound);
  }));

test('rollBack() does not find a release that only another workspace has', () =>
  withProject(async (project) => {
    await project.finish(await project.deploy());
    const { platform } = project;
    const params = { workspace: 'other', project: 'theirs', environment: 'staging' };
    await platform.call('createWorkspace', { body: { slug: 'other' } });
    await platform.call('createProject', { params, body: { slug: 'theirs' } });
    await platform.call('createEnvironment', { params, body: { slug: 'staging', stage: 'staging' } });
    const notFound = { name: 'Problem', code: 'not-found' };
    await assert.rejects(platform.call('rollBack', { params, body: { release: 1 } }), notFound);
    const foreign = { ...params, project: 'shop' };
    await assert.rejects(platform.call('rollBack', { params: foreign, body: { release: 1 } }), notFound);
  }));

test('streamLogs() passes on what the agent reads, and says when the agent is away or nothing has that name', () =>
  withProject(async (project) => {
    await project.finish(await project.deploy());
    const { platform } = project;
    const params = { workspace: 'main', project: 'shop', environment: 'staging' };
    const call = (component: string) => platform.stream('streamLogs', { params, query: { component } });
    const [line] = (await call('database')).map((item) => api.streamLogs.output.parse(item).line);
    assert.match(line ?? '', /"workload":\{"kind":"service","name":"database"\}/);
    await assert.rejects(call('nobody'), { name: 'Problem', code: 'not-found' });
    platform.agent.failing = new Problem('agent-unavailable', 'away');
    await assert.rejects(call('web'), { name: 'Problem', code: 'agent-unavailable' });
  }));

const healthy = { state: 'healthy', reason: '', restarts: 0 } as const;
