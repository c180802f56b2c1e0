import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { deploymentSteps } from '@ringfort/contracts/deployment-step.ts';
import { Problem } from '@ringfort/contracts/problem.ts';

import { startTestDatabases } from '../../db/test-database.ts';
import type { TestDatabases } from '../../db/test-database.ts';
import { withTestProject } from './test-project.ts';

let databases: TestDatabases;
before(async () => {
  databases = await startTestDatabases();
});
after(() => databases.stop());

const withProject = (run: Parameters<typeof withTestProject>[1]): Promise<void> => withTestProject(databases, run);

for (const step of deploymentSteps)
  test(`runRound() goes on with a deployment after control was killed while ${step}`, () =>
    withProject(async (project) => {
      await project.finish(await project.deploy());
      const id = await project.deploy();
      await project.reach(id, step);
      await project.platform.restart();
      assert.equal(await project.finish(id), 'succeeded');
      assert.equal(project.spec().releases.length, 1);
      const events = await project.events(id);
      const entered = events.map((event) => event.state).filter((state, index, all) => state !== all[index - 1]);
      assert.deepEqual(entered, [...deploymentSteps, 'succeeded'], 'each step is entered once');
      assert.equal(
        events.filter((event) => event.line === 'building web').length,
        1,
        'lines that are told again are known',
      );
    }));

test('runRound() comes to the same end when control is killed after every round', () =>
  withProject(async (project) => {
    const id = await project.deploy();
    for (let rounds = 0; rounds < 40 && (await project.read(id)).finishedAt === null; rounds += 1) {
      await project.platform.round();
      await project.platform.acknowledge();
      await project.platform.restart();
    }
    assert.equal((await project.read(id)).state, 'succeeded');
    assert.equal((await project.releases()).length, 1);
  }));

test('runRound() fails no deployment because the agent was away for less than the step may take', () =>
  withProject(async (project) => {
    const id = await project.deploy();
    await project.reach(id, 'starting');
    project.platform.agent.failing = new Problem('engine-unavailable', 'away');
    await project.platform.round();
    assert.equal((await project.read(id)).message, 'The agent does not answer');
    project.platform.agent.failing = undefined;
    assert.equal(await project.finish(id), 'succeeded');
  }));

test('runRound() does not count the time during which no control was there', () =>
  withProject(async (project) => {
    const id = await project.deploy();
    await project.reach(id, 'starting');
    project.platform.agent.health = () => ({ state: 'starting', reason: 'still', restarts: 0 });
    project.platform.clock.advance(60 * 60_000);
    await project.platform.restart();
    await project.platform.round();
    assert.equal((await project.read(id)).state, 'starting');
    project.platform.agent.health = () => ({ state: 'healthy', reason: '', restarts: 0 });
    assert.equal(await project.finish(id), 'succeeded');
  }));

test('runRound() keeps the addresses of a live release while the agent does not name them', () =>
  withProject(async (project) => {
    await project.finish(await project.deploy());
    const known = await project.platform.newest();
    assert.equal(known?.snapshot.endpoints.length, 1);
    project.platform.agent.forgetful = true;
    await project.platform.restart();
    await project.platform.round();
    const now = await project.platform.newest();
    assert.equal(now?.version, known.version);
  }));

test('runRound() makes a newer generation than one that the agent has and the database lost', () =>
  withProject(async (project) => {
    await project.finish(await project.deploy());
    const spec = project.spec();
    project.platform.agent.specs.set(spec.environmentId, { ...spec, generation: spec.generation + 5, services: [] });
    await project.platform.round();
    await project.platform.round();
    assert.ok(project.spec().generation > spec.generation + 5);
    assert.equal(project.spec().services.length, 1);
  }));

test('runRound() makes a newer generation when the agent has another content under the same one', () =>
  withProject(async (project) => {
    await project.finish(await project.deploy());
    const spec = project.spec();
    project.platform.agent.specs.set(spec.environmentId, { ...spec, services: [] });
    await project.platform.restart();
    for (let rounds = 0; rounds < 3; rounds += 1) await project.platform.round();
    assert.equal(project.spec().services.length, 1);
  }));

test('runRound() fails a deployment at once when the agent refuses what it needs', () =>
  withProject(async (project) => {
    const id = await project.deploy();
    await project.reach(id, 'building');
    project.platform.agent.refuse = (spec) =>
      spec.releases.length === 0 ? undefined : new Problem('input-invalid', 'too many workloads');
    assert.equal(await project.finish(id), 'failed');
    assert.match(
      (await project.read(id)).message,
      /The agent refuses the environment’s specification: too many workloads/,
    );
    await project.platform.round();
    assert.deepEqual(project.spec().releases, []);
  }));

test('runRound() makes a new version of the snapshot only when something changed, and never an older one', () =>
  withProject(async (project) => {
    const versions: number[] = [];
    const look = async (): Promise<void> => void versions.push((await project.platform.newest())?.version ?? 0);
    for (let deployments = 0; deployments < 2; deployments += 1) {
      const id = await project.deploy();
      await look();
      await project.finish(id);
      await look();
      await project.platform.restart();
      await project.platform.round();
      await look();
    }
    assert.deepEqual(
      versions,
      versions.toSorted((left, right) => left - right),
    );
    assert.equal(versions.at(-1), versions.at(-2), 'a restart changes nothing');
    assert.equal((versions.at(-1) ?? 0) - (versions[2] ?? 0), 1, 'one switch of traffic, one version');
  }));

test('runRound() joins a build again whose stream broke off', () =>
  withProject(async (project) => {
    const { agent } = project.platform;
    const whole = agent.build;
    agent.build = function* (request) {
      for (const event of whole(request)) if (event.type === 'log') yield event;
    };
    const id = await project.deploy();
    await project.reach(id, 'building');
    await project.platform.round();
    await project.platform.round();
    assert.equal((await project.read(id)).state, 'building');
    assert.equal(agent.builds.length, 1, 'the source is not sent again at once');
    agent.build = whole;
    project.platform.clock.advance(2_000);
    assert.equal(await project.finish(id), 'succeeded');
    assert.ok(agent.builds.length >= 2);
    assert.equal((await project.events(id)).filter((event) => event.line === 'done').length, 1);
  }));

test('runRound() comes to one end when several controls work at the same time', () =>
  withProject(async (project) => {
    const { platform } = project;
    const others = [platform.startOther(), platform.startOther()];
    const id = await project.deploy();
    for (let rounds = 0; rounds < 40 && (await project.read(id)).finishedAt === null; rounds += 1) {
      await Promise.all([platform.round(), ...others.map((other) => other.round())]);
      await platform.acknowledge();
    }
    const events = await project.events(id);
    const entered = events.filter(({ line }) => !['building web', 'done'].includes(line)).map((event) => event.state);
    assert.deepEqual(entered, [...deploymentSteps, 'succeeded'], 'each step is entered once');
    assert.equal(events.length, entered.length + 2, 'each line of the build is told once');
    assert.equal((await project.releases()).length, 1);
    await Promise.all(others.map((other) => other.close()));
  }));
