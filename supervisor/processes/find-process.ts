import { readdir, stat } from 'node:fs/promises';

import { readIfThere } from '../files/read-json.ts';
import { findIdentity, type ProcessIdentity } from './process-identity.ts';

/**
 * Finds a running process by the last arguments of its command line, run by one of the users. The users are ours, so that no workload can
 * pass for a program by calling itself so: workloads run under users of their own.
 */
export async function findProcess(
  signature: readonly string[],
  uids: readonly number[],
): Promise<ProcessIdentity | undefined> {
  for (const entry of await readdir('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    const line = await readIfThere(`/proc/${entry}/cmdline`);
    if (line === undefined || !endsWith(parseCommandLine(line), signature)) continue;
    const owner = await stat(`/proc/${entry}`).catch(() => undefined);
    if (owner === undefined || !uids.includes(owner.uid)) continue;
    const identity = await findIdentity(Number(entry));
    if (identity !== undefined && identity.pid !== process.pid) return identity;
  }
  return undefined;
}

/** Reads proc(5)'s cmdline: arguments that each end in a zero byte. */
function parseCommandLine(text: string): readonly string[] {
  return text.split('\0').slice(0, -1);
}

function endsWith(whole: readonly string[], end: readonly string[]): boolean {
  const last = whole.slice(-end.length);
  return whole.length > end.length && end.every((part, index) => last[index] === part);
}
