import assert from 'node:assert/strict';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';

import { endProcess } from '../processes/end-process.ts';
import { isRunning } from '../processes/process-identity.ts';
import { runDaemon } from './daemon.ts';
import type { ProgramPlan, SupervisionPlan } from './program-plan.ts';
import { readRecord } from './program-record.ts';
import { readSupervisionStatus, type SupervisionStatus } from './supervision-status.ts';
import { makeTestFolder, testOptions, testProgram, until } from './test-plan.ts';

test('runDaemon() brings every program up and tells their state to its own user alone', async (t) => {
  const folder = await makeTestFolder(t);
  const plan = testPlan(folder, [testProgram(folder, 'one'), testProgram(folder, 'two')]);
  await start(t, plan);
  const status = await untilAll(plan, 'ready');
  assert.deepEqual(
    status.programs.map(({ name }) => name),
    ['one', 'two', 'keeper'],
  );
  assert.equal((await stat(plan.statusSocket)).mode & 0o777, 0o600);
});

test('runDaemon() replaces what is outdated one after the other, and leaves the rest alone', async (t) => {
  const folder = await makeTestFolder(t);
  const names = ['one', 'two', 'three'];
  const before = testPlan(
    folder,
    names.map((name) => testProgram(folder, name)),
  );
  const first = await start(t, before);
  const old = await untilAll(before, 'ready');
  await first.stop();
  const changed = names.map((name) => testProgram(folder, name, { digest: name === 'three' ? 'one' : 'new' }));
  await start(t, { ...testPlan(folder, changed), digest: 'second' });
  const now = await until(async () => {
    const status = await readSupervisionStatus(before.statusSocket);
    const isDone = status?.programs.every(({ state, isOutdated }) => state === 'ready' && !isOutdated);
    return isDone === true ? status : undefined;
  }, 'the replacement');
  const pidOf = (status: SupervisionStatus, name: string): unknown =>
    status.programs.find((one) => one.name === name)?.pid;
  assert.deepEqual(
    names.map((name) => pidOf(old, name) === pidOf(now, name)),
    [false, false, true],
  );
});

test('runDaemon() ends programs that the plan does not name any more', async (t) => {
  const folder = await makeTestFolder(t);
  const before = testPlan(folder, [testProgram(folder, 'one'), testProgram(folder, 'two')]);
  const first = await start(t, before);
  await untilAll(before, 'ready');
  await first.stop();
  const record = await readRecord(folder, 'two');
  assert.ok(record);
  const after = testPlan(folder, [testProgram(folder, 'one')]);
  await start(t, after);
  await untilAll(after, 'ready');
  assert.equal(await isRunning(record.identity), false);
  assert.equal(await readRecord(folder, 'two'), undefined);
});

function testPlan(folder: string, programs: ProgramPlan[]): SupervisionPlan {
  return {
    instance: 'test',
    digest: 'first',
    programDigest: 'program',
    statusSocket: join(folder, 's'),
    locksFolder: folder,
    recordsFolder: folder,
    programs,
    keeper: testProgram(folder, 'keeper'),
    daemon: testProgram(folder, 'daemon'),
  };
}

async function start(t: TestContext, plan: SupervisionPlan): Promise<{ readonly stop: () => Promise<void> }> {
  const controller = new AbortController();
  const running = runDaemon(plan, testOptions(controller.signal));
  const stop = async (): Promise<void> => {
    controller.abort();
    await running;
  };
  t.after(async () => {
    await stop();
    for (const { name } of [...plan.programs, plan.keeper]) {
      const record = await readRecord(plan.recordsFolder, name);
      if (record !== undefined) await endProcess(record.identity, { signal: 'SIGTERM', graceMs: 1_000 });
    }
  });
  return Promise.resolve({ stop });
}

async function untilAll(plan: SupervisionPlan, state: string): Promise<SupervisionStatus> {
  return until(async () => {
    const status = await readSupervisionStatus(plan.statusSocket);
    return status?.programs.every((program) => program.state === state) === true ? status : undefined;
  }, `every program being ${state}`);
}
