import { wait } from '@ringfort/kit/wait.ts';

import type { SupervisionPlan } from '../daemon/program-plan.ts';
import { readRecord, writeRecord } from '../daemon/program-record.ts';
import { startProgram } from '../daemon/start-program.ts';
import { stopSupervision } from '../daemon/stop-supervision.ts';
import { readSupervisionStatus, type SupervisionStatus } from '../daemon/supervision-status.ts';
import { writeFileWhole } from '../files/write-file-whole.ts';
import { readIfThere } from '../files/read-json.ts';
import { supervisorLimits as limits } from '../limits.ts';
import { isRunning } from '../processes/process-identity.ts';
import { SetupFailure } from '../setup-failure.ts';

/**
 * Has the plan carried out: a daemon that runs with the same plan is left alone, another one is replaced together with its keeper. The
 * programs run on meanwhile; the new daemon replaces what differs.
 */
export async function startSupervision(plan: SupervisionPlan, planFile: string, nowMs: number): Promise<void> {
  const current = await readSupervisionStatus(plan.statusSocket);
  // A replacement that did not succeed is tried again.
  if (current?.planDigest === plan.digest && current.stalledBy === null) return;
  await stopSupervision(plan.recordsFolder);
  await writeFileWhole(planFile, JSON.stringify(plan), { mode: 0o600 });
  const known = await readRecord(plan.recordsFolder, 'keeper');
  if (known !== undefined && (await isRunning(known.identity))) return;
  const identity = await startProgram(plan.keeper);
  const startedAt = new Date(nowMs).toISOString();
  await writeRecord(plan.recordsFolder, 'keeper', { identity, digest: plan.keeper.digest, startedAt, restarts: 0 });
}

/** Waits until the named programs are ready in their planned version, all of them where none is named. `report` hears who is not. */
export async function waitUntilReady(plan: SupervisionPlan, options: WaitOptions): Promise<void> {
  let pending: readonly string[] = ['supervisor'];
  for (let waitedMs = 0; waitedMs < limits.platformReadyTimeoutMs; waitedMs += limits.programPollMs) {
    const status = await readSupervisionStatus(plan.statusSocket);
    if (status?.planDigest === plan.digest) pending = listPending(status, options.programs);
    if (pending.length === 0) return;
    if (status?.stalledBy !== null && status?.stalledBy !== undefined) break;
    options.report(`waiting for ${pending.join(', ')}`);
    await wait(limits.programPollMs);
  }
  const names = pending.filter((name) => name !== 'supervisor');
  const plans = [...plan.programs, plan.keeper, plan.daemon].filter((program) => names.includes(program.name));
  const logs = await Promise.all((plans.length === 0 ? [plan.daemon] : plans).map((program) => lastLines(program.log)));
  throw new SetupFailure(`These programs do not get ready: ${pending.join(', ')}\n${logs.join('\n')}`, {
    advice: 'The lines above are the ends of their logs. The command may be run again at any time.',
  });
}

export type WaitOptions = {
  readonly programs?: readonly string[];
  readonly report: (detail: string) => void;
};

function listPending(status: SupervisionStatus, wanted: readonly string[] | undefined): readonly string[] {
  return status.programs
    .filter(({ name }) => wanted === undefined || wanted.includes(name))
    .filter(({ state, isOutdated }) => state !== 'ready' || isOutdated)
    .map(({ name }) => name);
}

async function lastLines(path: string): Promise<string> {
  const text = (await readIfThere(path)) ?? '';
  const lines = text.trimEnd().split('\n').slice(-limits.failureLinesMax);
  return [`${path}:`, ...lines.map((line) => `  ${line.slice(0, limits.failureLineCharactersMax)}`)].join('\n');
}
