import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

import type { Clock } from '@ringfort/kit/clock.ts';
import type { Log } from '@ringfort/kit/log.ts';
import { wait } from '@ringfort/kit/wait.ts';

import { supervisorLimits as limits } from '../limits.ts';
import { endProcess } from '../processes/end-process.ts';
import { withLock } from '../processes/with-lock.ts';
import { ProgramKeeper, type KeeperOptions } from './program-keeper.ts';
import type { ProgramPlan, SupervisionPlan } from './program-plan.ts';
import { readRecord, removeRecord } from './program-record.ts';
import { rotateLog } from './rotate-log.ts';
import { serveStatus } from './status-server.ts';
import type { SupervisionStatus } from './supervision-status.ts';

/**
 * Keeps the instance's programs running until the signal. It takes over what runs already, so its own end disturbs nothing. Programs of an
 * older version are replaced one by one in the order of the plan, the next only when the one before is ready: a version that does not
 * start leaves the rest as it is.
 */
export async function runDaemon(plan: SupervisionPlan, options: DaemonOptions): Promise<void> {
  const { signal } = options;
  await withLock(join(plan.locksFolder, 'daemon.lock'), async () => {
    const keepers = makeKeepers([...plan.programs, plan.keeper], plan, options);
    for (const keeper of keepers) await keeper.adopt();
    await endUnplanned(plan);
    let stalledBy: string | null = null;
    const closeStatus = await serveStatus(plan.statusSocket, () => ({ ...describe(plan, keepers), stalledBy }));
    const rollingOut = rollOut(keepers, plan, options).then((name) => {
      stalledBy = name ?? null;
    });
    await Promise.all([...keepers.map((keeper) => keeper.keep(signal)), rollingOut, rotateLogs(plan, signal)]);
    await closeStatus();
  });
}

export type DaemonOptions = {
  readonly log: Log;
  readonly clock: Clock;
  readonly random: () => number;
  readonly signal: AbortSignal;
};

function makeKeepers(
  programs: readonly ProgramPlan[],
  plan: SupervisionPlan,
  options: DaemonOptions,
): readonly ProgramKeeper[] {
  const waitForPredecessors = async (program: ProgramPlan, signal: AbortSignal): Promise<void> => {
    const before = keepers.filter((keeper) => program.after.includes(keeper.plan.name));
    for (let waitedMs = 0; waitedMs < limits.predecessorTimeoutMs; waitedMs += limits.programPollMs) {
      if (signal.aborted || before.every((keeper) => keeper.state === 'ready')) return;
      await wait(limits.programPollMs, signal);
    }
  };
  const keeperOptions: KeeperOptions = { ...options, recordsFolder: plan.recordsFolder, waitForPredecessors };
  const keepers = programs.map((program) => new ProgramKeeper(program, keeperOptions));
  return keepers;
}

/** Gives the name of the program that it did not get past. The keeper of the daemon itself is replaced by `up`. */
async function rollOut(
  keepers: readonly ProgramKeeper[],
  plan: SupervisionPlan,
  options: DaemonOptions,
): Promise<string | undefined> {
  for (const keeper of keepers) {
    const { name } = keeper.plan;
    if (name === plan.keeper.name || !keeper.isOutdated) continue;
    options.log.info('Replacing a program by the version of the plan', { name });
    const isReady = await keeper.replace(options.signal);
    if (isReady || options.signal.aborted) continue;
    options.log.error('A replaced program does not get ready; the ones after it are left as they are', { name });
    return name;
  }
  return undefined;
}

/** Programs that the plan does not name any more, such as the edges of processors that are gone. */
async function endUnplanned(plan: SupervisionPlan): Promise<void> {
  const planned = new Set([...plan.programs, plan.keeper, plan.daemon].map((program) => program.name));
  for (const file of await readdir(plan.recordsFolder)) {
    const name = file.replace(/\.json$/, '');
    if (planned.has(name) || !file.endsWith('.json')) continue;
    const record = await readRecord(plan.recordsFolder, name);
    if (record !== undefined) await endProcess(record.identity, { signal: 'SIGTERM', graceMs: limits.stopGraceMs });
    await removeRecord(plan.recordsFolder, name);
  }
}

async function rotateLogs(plan: SupervisionPlan, signal: AbortSignal): Promise<void> {
  const programs = [...plan.programs, plan.keeper, plan.daemon];
  while (!signal.aborted) {
    for (const { log } of programs) await rotateLog(log, { bytesMax: limits.logBytesMax, kept: limits.logsKept });
    await wait(limits.logPollMs, signal);
  }
}

function describe(plan: SupervisionPlan, keepers: readonly ProgramKeeper[]): Omit<SupervisionStatus, 'stalledBy'> {
  return {
    instance: plan.instance,
    programDigest: plan.programDigest,
    planDigest: plan.digest,
    programs: keepers.map((keeper) => ({
      name: keeper.plan.name,
      state: keeper.state,
      pid: keeper.record?.identity.pid ?? null,
      restarts: keeper.record?.restarts ?? 0,
      startedAt: keeper.record?.startedAt ?? null,
      isOutdated: keeper.isOutdated,
    })),
  };
}
