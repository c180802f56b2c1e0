import assert from 'node:assert/strict';
import { after, test } from 'node:test';

import { wait } from '@ringfort/kit/wait.ts';

import type { EnvironmentPlan, ObservedContainer } from '../driver.ts';
import { servicePort, testAddress, testPlan, withWorkloads } from '../test-plans.ts';
import { createEngineClient } from './engine-client.ts';
import { ContainerDetail } from './engine-schemas.ts';
import { hostTableName } from './host-table.ts';
import { containerName } from './labels.ts';
import { mustRun } from './run-program.ts';
import { createAttempts, placeIn, tcp, untilHealthy } from './test-attempts.ts';
import { startTestDriver } from './test-driver.ts';
import { readLines, scripted } from './test-script.ts';

const restarts = process.env['RINGFORT_TEST_FULL'] === '1' ? 100 : 5;

const subject = await startTestDriver();
const { driver, site, options } = subject;
const engine = createEngineClient(options.socketPath);
const plan = testPlan(site, 1);
const other = testPlan(site, 2);

after(async () => {
  await engine.close();
  for (const each of [plan, other]) await driver.remove(each.place);
  await subject.close();
});

test('a program that connects with its first instruction never gets out, at its start and over restarts', async () => {
  await driver.apply(other);
  await untilHealthy(driver, other);
  const targets = [testAddress(plan.place, 'service'), testAddress(other.place, 'service'), plan.place.gateway];
  const connect = targets.map(
    (address) => `(exec 3<>/dev/tcp/${address}/${servicePort}) 2>/dev/null && echo escaped ${address}`,
  );
  const script = `${connect.map((line) => `{ ${line}; } &`).join(' ')} echo tried; sleep 0.1`;
  const closed = withConnections(scripted(plan, script), []);
  await driver.apply(closed);
  for (let done = 1; done <= restarts; done += 1) {
    const tries = (lines: readonly string[]): number => lines.filter((line) => line === 'tried').length;
    const lines = await readLines(driver, closed, (all) => tries(all) >= done && all.at(-1) === 'through');
    assert.deepEqual(
      lines.filter((line) => line.startsWith('escaped')),
      [],
    );
    await kill(closed, 'main');
    await driver.apply(closed);
  }
  // The positive twin: the same program gets through to the one address that its rules name.
  const open = scripted(plan, script);
  await driver.apply(open);
  const service = testAddress(plan.place, 'service');
  const lines = await readLines(driver, open, (all) => all.includes(`escaped ${service}`));
  assert.deepEqual(
    lines.filter((line) => line.startsWith('escaped')),
    [`escaped ${service}`],
  );
});

test('rules that somebody emptied are told, and loaded again without a restart', async () => {
  await driver.apply(plan);
  await untilHealthy(driver, plan);
  const before = await observe();
  const { make } = createAttempts(driver, [plan]);
  const closed = tcp(testAddress(plan.place, 'application'), 9);
  const fromService = async (): Promise<string> => (await make(placeIn(plan, 'service'), closed)).outcome;
  assert.equal(await fromService(), 'timeout');
  for (const key of plan.workloads.map((workload) => workload.key)) {
    const { NetworkSettings } = await inspect(key, 'pause');
    await mustRun(['nsenter', `--net=${NetworkSettings.SandboxKey}`, 'nft', 'flush', 'ruleset']);
  }
  assert.equal(await fromService(), 'refused');
  assert.deepEqual(new Set((await observe()).map(({ state }) => state)), new Set(['broken']));
  await driver.apply(plan);
  assert.equal(await fromService(), 'timeout');
  assert.deepEqual(await observe(), before);
});

test('the host’s table comes back when it was emptied, and an agent that starts anew finds rules intact', async () => {
  await driver.apply(plan);
  const before = await observe();
  await mustRun(['nft', 'delete', 'table', 'inet', hostTableName(options.interfacePrefix)]);
  await driver.observe();
  const listing = await mustRun(['nft', 'list', 'table', 'inet', hostTableName(options.interfacePrefix)]);
  assert.ok(listing.includes(`"${plan.place.bridge}"`));
  const second = await subject.restart();
  assert.deepEqual(await observe(second), before);
  await second.close();
});

test('apply() changes the rules of a running workload without a restart', async () => {
  await driver.apply(plan);
  await untilHealthy(driver, plan);
  const before = await observe();
  const { assertAnswered, assertClosed } = createAttempts(driver, [plan]);
  const attempt = tcp(testAddress(plan.place, 'service'), servicePort);
  await assertAnswered(placeIn(plan, 'component'), attempt);
  await driver.apply(withConnections(plan, []));
  await assertClosed([placeIn(plan, 'component')], attempt);
  assert.deepEqual(await observe(), before);
});

test('apply() makes a workload anew that lost its namespaces, and starts one again that was killed, with its data', async () => {
  await driver.apply(plan);
  await untilHealthy(driver, plan);
  const [service] = plan.workloads;
  assert.ok(service !== undefined);
  for (const role of ['main', 'pause'] as const) {
    await kill(plan, role, service.key);
    const expected = role === 'main' ? 'exited' : 'broken';
    assert.equal((await observe()).find(({ key }) => key === service.key)?.state, expected);
    await driver.apply(plan);
    await untilHealthy(driver, plan);
  }
  const request = {
    place: plan.place,
    keys: [service.key],
    tailLines: 1,
    follow: false,
    signal: AbortSignal.timeout(5_000),
  };
  for await (const { line } of driver.streamLogs(request)) assert.match(line, /^starts [3-9]\d* hush/);
});

test('remove() leaves no interface, namespace, mount, file or rule', async () => {
  const place = testPlan(site, 3).place;
  await driver.apply(testPlan(site, 3));
  const traces = async (): Promise<string> => {
    const outputs = [
      await mustRun(['ip', '-brief', 'link']),
      await mustRun(['findmnt', '--list', '--noheadings', '--output', 'TARGET']),
      await mustRun(['find', options.home]),
      await mustRun(['nft', 'list', 'ruleset']),
    ];
    return outputs.join('\n');
  };
  const marks = new RegExp(`${place.bridge}\\b|${place.environmentId}|${place.gateway.replaceAll('.', '\\.')}\\b`);
  assert.match(await traces(), marks);
  await driver.remove(place);
  assert.doesNotMatch(await traces(), marks);
});

function withConnections(
  from: EnvironmentPlan,
  connect: EnvironmentPlan['workloads'][number]['network']['connect'],
): EnvironmentPlan {
  return withWorkloads(from, ({ ref, network }) =>
    ref.kind === 'component' ? { network: { ...network, connect } } : {},
  );
}

async function inspect(key: string, role: 'pause' | 'main'): Promise<ContainerDetail> {
  const name = containerName({ environmentId: plan.place.environmentId, key, role });
  return engine.get({ method: 'GET', path: `containers/${name}/json` }, ContainerDetail);
}

async function kill(of: EnvironmentPlan, role: 'pause' | 'main', key?: string): Promise<void> {
  const target = key ?? of.workloads.find(({ ref }) => ref.kind === 'component')?.key ?? '';
  const { State, Id } = await inspect(target, role);
  process.kill(State.Pid, 'SIGKILL');
  for (let status = 'running'; status === 'running';) {
    await wait(20);
    status = (await engine.get({ method: 'GET', path: `containers/${Id}/json` }, ContainerDetail)).State.Status;
  }
}

function isOwn({ environmentId }: { readonly environmentId: string }): boolean {
  return environmentId === plan.place.environmentId;
}

async function observe(by = driver): Promise<readonly ObservedContainer[]> {
  const all = (await by.observe()).find(isOwn)?.workloads ?? [];
  return all.toSorted((a, b) => a.key.localeCompare(b.key));
}

test('apply() gets over a bridge that a removal left when it was cut off', async () => {
  await driver.remove(plan.place);
  const [, bits = '26'] = plan.place.subnet.split('/');
  await mustRun(['ip', 'link', 'add', plan.place.bridge, 'type', 'bridge']);
  await mustRun(['ip', 'address', 'add', `${plan.place.gateway}/${bits}`, 'dev', plan.place.bridge]);
  await driver.apply(plan);
  await untilHealthy(driver, plan);
});
