import assert from 'node:assert/strict';
import { test } from 'node:test';

import { LogEvent } from '@ringfort/contracts/agent-requests.ts';
import type { ImageDigest } from '@ringfort/contracts/environment-spec.ts';
import { DeploymentId, type EnvironmentId } from '@ringfort/contracts/identifiers.ts';
import { Problem } from '@ringfort/contracts/problem.ts';
import { wait } from '@ringfort/kit/wait.ts';

import type {
  BuildPlan,
  Driver,
  EnvironmentPlan,
  HealthAnswer,
  LogRequest,
  ObservedContainer,
  WorkloadPlan,
} from './driver.ts';
import { testSource } from './test-archive.ts';
import { testAddress, testPlan, withWorkloads, type TestSite } from './test-plans.ts';

/** A driver under test. `site` says how its plans look; a name begins the name of each test. */
export type Subject = {
  readonly name: string;
  readonly driver: () => Driver;
  readonly site: () => TestSite;
  /** What makes a build fail. */
  readonly failingBuild: Pick<BuildPlan, 'component' | 'command'>;
};

/** The one suite that every driver has to pass. Each test has an environment of its own and takes it away. */
export function testDriver(subject: Subject): void {
  const bench = createBench(subject);
  testWorkloads(subject, bench);
  testBuilds(subject, bench);
  testLogsAndRemoval(subject, bench);
}

function testWorkloads({ name, driver }: Subject, { withPlan, observe, untilHealthy }: Bench): void {
  test(`${name} apply() makes what the plan names and leaves it alone when it is repeated`, async () => {
    await withPlan(1, async (plan) => {
      await driver().apply(plan);
      const first = await observe(plan);
      assert.deepEqual(
        new Map(first.map(({ key, state }) => [key, state])),
        new Map(plan.workloads.map(({ key }) => [key, 'running'])),
      );
      await driver().apply(plan);
      assert.deepEqual(await observe(plan), first);
    });
  });

  test(`${name} apply() makes anew what has another digest and takes away what is no longer named`, async () => {
    await withPlan(2, async (plan) => {
      await driver().apply(plan);
      const changed = withWorkloads(plan, () => ({ variables: { CHANGED: 'yes' } }));
      const [service, application] = changed.workloads;
      assert.ok(service !== undefined && application !== undefined);
      await driver().apply(changed);
      assert.deepEqual(
        new Map((await observe(plan)).map(({ digest, state }) => [digest, state])),
        new Map(changed.workloads.map(({ digest }) => [digest, 'running'])),
      );
      await driver().apply({ ...changed, workloads: [service] });
      assert.deepEqual(
        (await observe(plan)).map(({ key }) => key),
        [service.key],
      );
    });
  });

  test(`${name} apply() neither starts nor leaves running what is held`, async () => {
    await withPlan(3, async (plan) => {
      const held = plan.workloads.map(({ key }) => key);
      const running = async (): Promise<number> =>
        (await observe(plan)).filter(({ state }) => state === 'running').length;
      await driver().apply({ ...plan, held });
      assert.equal(await running(), 0);
      await driver().apply(plan);
      assert.equal(await running(), held.length);
      await driver().apply({ ...plan, held: held.slice(0, 1) });
      assert.equal(await running(), held.length - 1);
      await driver().apply(plan);
      assert.equal(await running(), held.length);
    });
  });

  test(`${name} checkHealth() tells healthy from not running`, async () => {
    await withPlan(4, async (plan) => {
      for (const workload of plan.workloads)
        assert.deepEqual(await driver().checkHealth(plan, workload), { healthy: false, reason: 'not running' });
      await driver().apply(plan);
      for (const workload of plan.workloads) assert.equal((await untilHealthy(plan, workload)).reason, '');
    });
  });
}

function testBuilds({ name, driver, failingBuild }: Subject, { withPlan, observe, build }: Bench): void {
  test(`${name} build() makes an image that its own environment alone may run`, async () => {
    await withPlan(5, async (plan) => {
      await driver().apply(plan);
      const lines: string[] = [];
      const { image, sizeBytes } = await build(plan, { onLine: (line) => lines.push(line) });
      assert.ok(sizeBytes > 0);
      assert.ok(lines.length > 0);
      const built = withWorkloads(plan, () => ({ image }));
      await driver().apply(built);
      assert.deepEqual(new Set((await observe(plan)).map(({ state }) => state)), new Set(['running']));
      await withPlan(6, async (other) => {
        await assert.rejects(driver().apply(withWorkloads(other, () => ({ image }))), isProblem('not-found'));
        assert.deepEqual(
          (await observe(other)).filter(({ state }) => state === 'running'),
          [],
        );
      });
    });
  });

  test(`${name} build() rejects with a problem when the build fails`, async () => {
    await withPlan(7, async (plan) => {
      await driver().apply(plan);
      await assert.rejects(build(plan, failingBuild), isProblem('build-failed'));
    });
  });

  test(`${name} sweepBuilds() removes the images that nobody keeps`, async () => {
    await withPlan(8, async (plan) => {
      await driver().apply(plan);
      const kept = await build(plan, {});
      const dropped = await build(plan, { content: 'other' });
      await driver().sweepBuilds(plan.place.environmentId, { keep: [kept.image] });
      const using = (image: ImageDigest): EnvironmentPlan => withWorkloads(plan, () => ({ image }));
      await assert.rejects(driver().apply(using(dropped.image)), isProblem('not-found'));
      await driver().apply(using(kept.image));
    });
  });
}

function testLogsAndRemoval(
  { name, driver, site }: Subject,
  { withPlan, untilHealthy, findPlace, collect }: Bench,
): void {
  test(`${name} streamLogs() gives lines of the contract's form and ends with its signal`, async () => {
    await withPlan(9, async (plan) => {
      await driver().apply(plan);
      for (const workload of plan.workloads) await untilHealthy(plan, workload);
      const asked = {
        place: plan.place,
        keys: [],
        tailLines: 100,
        follow: false,
        signal: new AbortController().signal,
      };
      const sources = new Set((await collect(asked)).map(({ source }) => source));
      assert.deepEqual([...sources].toSorted(), ['database', 'web.0']);
      const [service] = plan.workloads;
      const ended = new AbortController();
      const followed = collect({ ...asked, keys: [service?.key ?? ''], follow: true, signal: ended.signal });
      ended.abort();
      assert.ok((await followed).every(({ source }) => source === 'database'));
    });
  });

  test(`${name} remove() leaves nothing and may be repeated`, async () => {
    const plan = testPlan(site(), 10);
    await driver().apply(plan);
    await driver().remove(plan.place);
    assert.equal(await findPlace(plan.place.environmentId), undefined);
    await driver().remove(plan.place);
  });
}

/** What the tests do with a driver again and again. */
function createBench({ driver, site }: Subject) {
  async function withPlan(index: number, run: (plan: EnvironmentPlan) => Promise<void>): Promise<void> {
    const plan = testPlan(site(), index);
    try {
      await run(plan);
    } finally {
      await driver().remove(plan.place);
    }
  }

  async function findPlace(environmentId: EnvironmentId): Promise<readonly ObservedContainer[] | undefined> {
    const places = await driver().observe();
    return places.find((place) => place.environmentId === environmentId)?.workloads;
  }

  async function observe(plan: EnvironmentPlan): Promise<readonly ObservedContainer[]> {
    return (await findPlace(plan.place.environmentId)) ?? [];
  }

  async function untilHealthy(plan: EnvironmentPlan, workload: WorkloadPlan): Promise<HealthAnswer> {
    const giveUp = AbortSignal.timeout(30_000);
    for (;;) {
      const answer = await driver().checkHealth(plan, workload);
      if (answer.healthy || giveUp.aborted) return answer;
      await wait(50);
    }
  }

  async function build(plan: EnvironmentPlan, options: BuildChanges): ReturnType<Driver['build']> {
    const source = await testSource([{ name: 'server.js', content: options.content ?? 'one' }]);
    const { onLine = () => undefined, content: _, ...changes } = options;
    const buildPlan: BuildPlan = {
      buildId: DeploymentId.parse('01900000-0000-7000-8000-00000000b00b'),
      place: plan.place,
      component: 'web',
      address: testAddress(plan.place, 'build'),
      proxy: { address: `${site().network}.0.1`, port: 3128 },
      image: site().image,
      command: 'echo built; echo made > made',
      variables: {},
      certificateBundle: '/etc/ssl/certs/ca-certificates.crt',
      limits: { memoryBytesMax: 512 * 1024 * 1024, cpuMax: 1, processesMax: 128, openFilesMax: 1_024 },
      timeoutMs: 60_000,
      diskBytesMax: 64 * 1024 * 1024,
      ...changes,
    };
    return driver().build(buildPlan, { source, onLine, signal: new AbortController().signal });
  }

  async function collect(request: LogRequest): Promise<readonly LogEvent[]> {
    const events: LogEvent[] = [];
    for await (const event of driver().streamLogs(request)) events.push(LogEvent.parse(event));
    return events;
  }

  return { withPlan, findPlace, observe, untilHealthy, build, collect };
}

type Bench = ReturnType<typeof createBench>;

type BuildChanges = Partial<Pick<BuildPlan, 'component' | 'command'>> & {
  readonly content?: string;
  readonly onLine?: (line: string) => void;
};

function isProblem(code: Problem['code']): (error: unknown) => boolean {
  return (error) => error instanceof Problem && error.code === code;
}
