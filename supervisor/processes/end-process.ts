import { wait } from '@ringfort/kit/wait.ts';

import { supervisorLimits as limits } from '../limits.ts';
import { isRunning, type ProcessIdentity } from './process-identity.ts';

/** Asks a process to end, and ends it by force when it still runs after `graceMs`. Resolves once it is gone. */
export async function endProcess(identity: ProcessIdentity, options: EndOptions): Promise<void> {
  if (!(await isRunning(identity))) return;
  sendSignal(identity.pid, options.signal);
  if (await isGone(identity, options.graceMs)) return;
  sendSignal(identity.pid, 'SIGKILL');
  if (!(await isGone(identity, limits.killTimeoutMs))) {
    throw new Error(`The process ${identity.pid} does not end, not even by SIGKILL`);
  }
}

export type EndOptions = { readonly signal: 'SIGTERM' | 'SIGINT'; readonly graceMs: number };

async function isGone(identity: ProcessIdentity, timeoutMs: number): Promise<boolean> {
  for (let waitedMs = 0; waitedMs < timeoutMs; waitedMs += limits.processPollMs) {
    if (!(await isRunning(identity))) return true;
    await wait(limits.processPollMs);
  }
  return !(await isRunning(identity));
}

function sendSignal(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    // It ended by itself in the meantime.
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}
