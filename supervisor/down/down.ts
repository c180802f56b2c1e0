import { dirname } from 'node:path';

import { type ProgramPlan, SupervisionPlan } from '../daemon/program-plan.ts';
import { readRecord, removeRecord } from '../daemon/program-record.ts';
import { stopSupervision } from '../daemon/stop-supervision.ts';
import type { SupervisorSettings } from '../config.ts';
import { ensureFolder } from '../files/ensure-folder.ts';
import { readJson } from '../files/read-json.ts';
import { InstanceSettings } from '../instance/instance-settings.ts';
import { instancePaths, type InstancePaths } from '../instance/instance-paths.ts';
import { supervisorLimits as limits } from '../limits.ts';
import { endProcess } from '../processes/end-process.ts';
import { endLeftovers } from '../processes/end-leftovers.ts';
import { findProcess } from '../processes/find-process.ts';
import { withLock } from '../processes/with-lock.ts';
import type { Progress } from '../progress.ts';
import { SetupFailure } from '../setup-failure.ts';
import { disableAtBoot } from '../up/enable-at-boot.ts';
import { purge } from './purge.ts';
import { removeHostTraces } from './remove-host-traces.ts';
import { removeWorkloads } from './remove-workloads.ts';

/**
 * Stops everything of an instance: what supervises, the programs, the workloads; and takes its network interfaces and rules away. The
 * data stays, unless it is purged. Safe to repeat and to interrupt.
 */
export async function down({ instance, roots }: SupervisorSettings, options: DownOptions): Promise<void> {
  const { progress } = options;
  const paths = instancePaths(instance, roots);
  const settings = await readJson(paths.settingsFile, InstanceSettings);
  if (settings === undefined) {
    progress.note(`The instance ${instance} is not set up on this machine.`);
    if (options.isPurge) await purge(instance, paths);
    return;
  }
  if (settings.driver === 'container-engine' && process.getuid?.() !== 0) {
    throw new SetupFailure('Only root can stop the platform', { advice: 'Run: sudo ./ringfort down' });
  }
  await ensureFolder(dirname(paths.lockFile), { mode: 0o755 });
  const onWait = (): void => progress.note('Another ./ringfort up or down of this instance runs; waiting for it.');
  await withLock(paths.lockFile, () => stop(settings, paths, progress), onWait);
  if (options.isPurge) await progress.step('Data, users and registration', () => purge(instance, paths));
  else progress.note(`Stopped. The data is kept in ${paths.home}; ./ringfort up starts it again.`);
}

export type DownOptions = { readonly isPurge: boolean; readonly progress: Progress };

async function stop(settings: InstanceSettings, paths: InstancePaths, progress: Progress): Promise<void> {
  await progress.step('Programs', () => stopPrograms(paths));
  if (settings.driver === 'simulated') return;
  await progress.step('Workloads', () => removeWorkloads(paths));
  await progress.step('Network interfaces and rules', () => removeHostTraces(settings, paths));
  await disableAtBoot(settings.instance);
}

/** In the opposite order of the start, the database last but for the engine. */
async function stopPrograms(paths: InstancePaths): Promise<void> {
  const plan = await readJson(paths.planFile, SupervisionPlan);
  if (plan === undefined) return;
  await stopSupervision(plan.recordsFolder);
  for (const program of plan.programs.toReversed()) await stopProgram(program, plan.recordsFolder);
  await endLeftovers(paths.programs, limits.stopGraceMs);
  await removeRecord(plan.recordsFolder, plan.keeper.name);
  await removeRecord(plan.recordsFolder, plan.daemon.name);
}

async function stopProgram(program: ProgramPlan, recordsFolder: string): Promise<void> {
  const end = { signal: program.stopSignal, graceMs: limits.stopGraceMs } as const;
  const record = await readRecord(recordsFolder, program.name);
  if (record !== undefined) await endProcess(record.identity, end);
  // One that was started by somebody who was killed before noting it down.
  const other = await findProcess(program.signature, [process.getuid?.() ?? 0, program.account?.uid ?? 0]);
  if (other !== undefined) await endProcess(other, end);
  await removeRecord(recordsFolder, program.name);
}
