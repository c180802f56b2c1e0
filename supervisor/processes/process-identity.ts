import { z } from 'zod';

import { readIfThere } from '../files/read-json.ts';

/**
 * What tells one process from every other: its id, and when it began. The id alone is given again to others. `startTicks` is field 22 of
 * /proc/<pid>/stat, counted from the start of the machine, which `bootId` names.
 */
export const ProcessIdentity = z.object({
  pid: z.number().int().positive(),
  startTicks: z.string(),
  bootId: z.string(),
});
export type ProcessIdentity = z.infer<typeof ProcessIdentity>;

/** The identity of a process that runs now; undefined when there is none with the id, or it has ended and only waits to be noticed. */
export async function findIdentity(pid: number): Promise<ProcessIdentity | undefined> {
  const stat = await readIfThere(`/proc/${pid}/stat`);
  const fields = stat === undefined ? undefined : parseStat(stat);
  if (fields === undefined || fields.state === 'Z' || fields.state === 'X') return undefined;
  const bootId = ((await readIfThere('/proc/sys/kernel/random/boot_id')) ?? '').trim();
  return { pid, startTicks: fields.startTicks, bootId };
}

/** Whether this very process still runs. */
export async function isRunning(identity: ProcessIdentity): Promise<boolean> {
  const now = await findIdentity(identity.pid);
  return now !== undefined && now.startTicks === identity.startTicks && now.bootId === identity.bootId;
}

/** Reads proc(5)'s stat. The name in parentheses may hold anything, so the fields are counted from the last parenthesis. */
export function parseStat(stat: string): { readonly state: string; readonly startTicks: string } | undefined {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state, startTicks] = [fields[0], fields[19]];
  return state === undefined || startTicks === undefined ? undefined : { state, startTicks };
}
