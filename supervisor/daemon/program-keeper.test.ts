import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';

import { endProcess } from '../processes/end-process.ts';
import { isRunning } from '../processes/process-identity.ts';
import { ProgramKeeper } from './program-keeper.ts';
import type { ProgramPlan } from './program-plan.ts';
import { removeRecord } from './program-record.ts';
import { makeTestFolder, testOptions, testProgram, until } from './test-plan.ts';

test('ProgramKeeper starts a program again when it is killed', async (t) => {
  const folder = await makeTestFolder(t);
  const { keeper } = await keep(t, folder, testProgram(folder, 'one'));
  const first = await untilReady(keeper);
  process.kill(first, 'SIGKILL');
  const second = await until(() => isOther(keeper, first), 'another process');
  assert.notEqual(second, first);
  await untilReady(keeper);
  assert.equal(keeper.record?.restarts, 1);
});

test('ProgramKeeper leaves its program running in the end, and the next one takes it over', async (t) => {
  const folder = await makeTestFolder(t);
  const plan = testProgram(folder, 'one');
  const first = await keep(t, folder, plan);
  const pid = await untilReady(first.keeper);
  await first.stop();
  const second = await keep(t, folder, plan);
  assert.equal(await untilReady(second.keeper), pid);
  assert.equal(second.keeper.isOutdated, false);
});

test('ProgramKeeper finds the program whose record was never written', async (t) => {
  const folder = await makeTestFolder(t);
  const plan = testProgram(folder, 'one');
  const first = await keep(t, folder, plan);
  const pid = await untilReady(first.keeper);
  await first.stop();
  await removeRecord(folder, 'one');
  const second = await keep(t, folder, plan);
  assert.equal(await untilReady(second.keeper), pid);
  assert.equal(second.keeper.isOutdated, true);
});

test('ProgramKeeper.replace() ends the process of an older version and starts the planned one', async (t) => {
  const folder = await makeTestFolder(t);
  const old = await keep(t, folder, testProgram(folder, 'one', { digest: 'old' }));
  const pid = await untilReady(old.keeper);
  await old.stop();
  const { keeper, signal } = await keep(t, folder, testProgram(folder, 'one', { digest: 'new' }));
  assert.equal(keeper.isOutdated, true);
  assert.equal(await keeper.replace(signal), true);
  assert.notEqual(keeper.record?.identity.pid, pid);
  assert.equal(keeper.isOutdated, false);
});

test('ProgramKeeper waits for the files that its program cannot do without', async (t) => {
  const folder = await makeTestFolder(t);
  const awaited = join(folder, 'migrated');
  const { keeper } = await keep(t, folder, { ...testProgram(folder, 'one'), waitsFor: [awaited] });
  await until(() => (keeper.state === 'waiting' ? true : undefined), 'waiting');
  assert.equal(keeper.record, undefined);
  await writeFile(awaited, '');
  await untilReady(keeper);
});

test('ProgramKeeper goes on trying a program that there is not', async (t) => {
  const folder = await makeTestFolder(t);
  const plan = { ...testProgram(folder, 'one'), command: [join(folder, 'no-such-program')] };
  const { keeper } = await keep(t, folder, plan);
  await until(() => ((keeper.record?.restarts ?? 0) > 1 ? true : undefined), 'several tries');
  assert.notEqual(keeper.state, 'ready');
});

type Kept = { readonly keeper: ProgramKeeper; readonly signal: AbortSignal; readonly stop: () => Promise<void> };

async function keep(t: TestContext, folder: string, plan: ProgramPlan): Promise<Kept> {
  const controller = new AbortController();
  const options = {
    ...testOptions(controller.signal),
    recordsFolder: folder,
    waitForPredecessors: () => Promise.resolve(),
  };
  const keeper = new ProgramKeeper(plan, options);
  await keeper.adopt();
  const keeping = keeper.keep(controller.signal);
  const stop = async (): Promise<void> => {
    controller.abort();
    await keeping;
  };
  t.after(async () => {
    await stop();
    if (keeper.record !== undefined) await endProcess(keeper.record.identity, { signal: 'SIGTERM', graceMs: 1_000 });
  });
  return { keeper, signal: controller.signal, stop };
}

async function untilReady(keeper: ProgramKeeper): Promise<number> {
  return until(() => (keeper.state === 'ready' ? keeper.record?.identity.pid : undefined), 'being ready');
}

async function isOther(keeper: ProgramKeeper, pid: number): Promise<number | undefined> {
  const identity = keeper.record?.identity;
  return identity !== undefined && identity.pid !== pid && (await isRunning(identity)) ? identity.pid : undefined;
}
