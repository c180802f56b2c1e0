import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { test, type TestContext } from 'node:test';

import { DeploymentId } from '@ringfort/contracts/identifiers.ts';
import { Problem } from '@ringfort/contracts/problem.ts';
import type { AgentConfig } from '@ringfort/contracts/program-config.ts';
import type { BuildPlan, Driver, EnvironmentPlan } from '@ringfort/drivers/driver.ts';
import { createSimulatedDriver } from '@ringfort/drivers/simulated/simulated.ts';
import { systemClock as clock } from '@ringfort/kit/clock.ts';
import { createLog } from '@ringfort/kit/log.ts';
import { wait } from '@ringfort/kit/wait.ts';

import { openAuthority, type Authority } from './authority/authority.ts';
import { openEnvironments, type Environments } from './environments.ts';
import { createPlaceObserver } from './loop/place-observer.ts';
import { openEnvironmentStore } from './store/environment-store.ts';
import { openPlaceBook } from './store/place-book.ts';
import { testConfig } from './test-config.ts';
import { testId, testRelease, testSpec } from './test-spec.ts';

const log = createLog({ program: 'agent', clock, write: () => {} });
const source = [Buffer.from('source')];
const never = new AbortController().signal;

test('openEnvironments() converges after a crash before or after any of its steps', async (context) => {
  const counted = await makeMachine(context);
  const life = bear(undefined);
  await live(await boot(counted, life), { machine: counted, life });
  assert.ok(life.steps >= 10, `${life.steps} steps`);
  for (let crashAt = 0; crashAt < life.steps; crashAt += 1) {
    for (const isDone of [false, true]) await crashAndRecover(await makeMachine(context), { crashAt, isDone });
  }
});

type Crash = { readonly crashAt: number; readonly isDone: boolean };

/** A life is cut off at a step, which is done or not; a new agent over the same disk and engine has to end where it should. */
async function crashAndRecover(machine: Machine, crash: Crash): Promise<void> {
  const what = `crash ${crash.isDone ? 'after' : 'before'} step ${crash.crashAt}`;
  const first = bear(crash);
  await Promise.race([boot(machine, first).then((all) => live(all, { machine, life: first })), first.death]);
  const second = bear(undefined);
  await live(await boot(machine, second), { machine, life: second });
  const store = await openEnvironmentStore(machine.config.home);
  const places = await openPlaceBook(machine.config);
  assert.deepEqual([await machine.driver.observe(), await store.list()], [[], []], what);
  assert.deepEqual(
    places.list().map(({ removed }) => removed?.generation),
    [3],
    what,
  );
}

/** What control does: asks for services, then for a release, then for removal, each until it is so. */
async function live(environments: Environments, { machine, life }: { machine: Machine; life: Life }): Promise<void> {
  const releases = [testRelease(4, { image: machine.image, replicas: 1 })];
  const nothing = { state: 'removed', services: [], releases: [], hostnames: [] };
  for (const parts of [{ releases: [] }, { generation: 2, releases }, { generation: 3, ...nothing }]) {
    const spec = testSpec(parts);
    await environments.apply(spec).catch(ignoreStale);
    const generation = (): number => environments.find(spec.environmentId)?.appliedGeneration ?? Infinity;
    while (!life.isDead() && generation() < spec.generation) await wait(1);
    if (spec.releases.length > 0 && environments.find(spec.environmentId)?.spec.generation === 2)
      checkPasswords(machine);
  }
  while (!life.isDead() && environments.list().length > 0) await wait(1);
  await environments.close();
}

/** After a crash an earlier life may have been further. */
function ignoreStale(error: unknown): void {
  if (!(error instanceof Problem) || (error.code !== 'spec-stale' && error.code !== 'state-conflict')) throw error;
}

/** The database and the application were told the same password. */
function checkPasswords({ applied }: Machine): void {
  const workloads = applied.at(-1)?.workloads ?? [];
  const init = workloads.flatMap(({ mounts }) => mounts).find(({ kind }) => kind === 'file');
  const password = workloads.find(({ ref }) => ref.kind === 'component')?.variables['DATABASE_PASSWORD'] ?? 'none';
  assert.ok(init?.kind === 'file' && init.content.includes(`identified by '${password}'`));
}

/** The disk and the engine, which outlast the agent. */
type Machine = {
  readonly config: AgentConfig;
  readonly driver: Driver;
  readonly authority: Authority;
  readonly image: string;
  readonly applied: EnvironmentPlan[];
};

async function makeMachine(context: TestContext): Promise<Machine> {
  const folder = await mkdtemp(join(tmpdir(), 'ringfort-crash-'));
  context.after(() => rm(folder, { recursive: true, force: true }));
  const config = await testConfig(folder);
  const driver = await createSimulatedDriver({ clock });
  await mkdir(config.home);
  const authority = await openAuthority({ home: config.home, instance: 'test', clock });
  const { image } = await driver.build(buildPlan(), { source: Readable.from(source), onLine: () => {}, signal: never });
  return { config, driver, authority, image, applied: [] };
}

function buildPlan(): BuildPlan {
  const { environmentId } = testSpec();
  const subnet = { bridge: 'rf3a9c-1', subnet: '10.89.0.64/26', gateway: '10.89.0.65' };
  return {
    buildId: DeploymentId.parse(testId(10)),
    place: { environmentId, ...subnet, uidStart: 1, throwaway: false },
    component: 'web',
    address: '10.89.0.66',
    proxy: { address: '10.89.0.1', port: 3_128 },
    image: 'node',
    command: undefined,
    variables: {},
    certificateBundle: '/none',
    limits: { memoryBytesMax: 1, cpuMax: 1, processesMax: 1, openFilesMax: 1 },
    timeoutMs: 1,
    diskBytesMax: 1,
  };
}

/** Everything that changes the disk or the engine is a step. */
async function boot(machine: Machine, { step, look }: Life): Promise<Environments> {
  const { config, driver, authority, applied } = machine;
  const store = await openEnvironmentStore(config.home);
  const places = await openPlaceBook(config);
  const stepped: Driver = {
    ...driver,
    apply: (plan) =>
      step(async () => {
        await driver.apply(plan);
        applied.push(plan);
      }),
    remove: (place) => step(() => driver.remove(place)),
    observe: () => look(() => driver.observe()),
  };
  return openEnvironments({
    places: {
      ...places,
      allot: (id, options) => step(() => places.allot(id, options)),
      bury: (id, options) => step(() => places.bury(id, options)),
    },
    tools: {
      config,
      driver: stepped,
      observe: createPlaceObserver(stepped, clock),
      store: {
        ...store,
        write: (id, document, value) => step(() => store.write(id, document, value)),
        remove: (id) => step(() => store.remove(id)),
      },
      authority,
      clock,
      random: Math.random,
      makePassword: () => randomBytes(24).toString('base64url'),
      log,
    },
    beforeRemove: () => Promise.resolve(),
  });
}

/** One run of the agent; `step` is where it may be cut off. A dead one does nothing any more. */
type Life = {
  steps: number;
  readonly death: Promise<void>;
  readonly step: Act;
  readonly look: Act;
  readonly isDead: () => boolean;
};
type Act = <T>(act: () => Promise<T>) => Promise<T>;

function bear(crash: Crash | undefined): Life {
  const { promise: death, resolve: die } = Promise.withResolvers<void>();
  let isDead = false;
  const life: Life = {
    steps: 0,
    death,
    step: async (act) => {
      const number = life.steps;
      life.steps += 1;
      if (crash === undefined || number < crash.crashAt) return act();
      if (number === crash.crashAt && crash.isDone) await act();
      isDead = true;
      die();
      return new Promise(() => {});
    },
    isDead: () => isDead,
    look: (act) => (isDead ? new Promise(() => {}) : act()),
  };
  return life;
}
