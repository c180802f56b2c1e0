import { spawn } from 'node:child_process';
import { open, rm } from 'node:fs/promises';

import { asAccount } from '../processes/as-account.ts';
import { findIdentity, type ProcessIdentity } from '../processes/process-identity.ts';
import type { ProgramPlan } from './program-plan.ts';

/** In place of `startTicks`, when there is no process (any more) that it could be of. */
export const notStarted = 'none';

/**
 * Starts a program in a session of its own, its output going to its log file, so that it outlives whoever started it. One that cannot be
 * started, or ends at once, has an identity that no process has: whoever watches it finds it gone.
 */
export async function startProgram(plan: ProgramPlan): Promise<ProcessIdentity> {
  if (plan.ready.kind === 'file') await rm(plan.ready.path, { force: true });
  const log = await open(plan.log, 'a', 0o600);
  try {
    const { account, capabilities } = plan;
    const [program = '', ...rest] = asAccount(plan.command, { account, capabilities });
    const child = spawnWithUmask(plan.umask, () =>
      spawn(program, rest, { cwd: '/', env: plan.environment, stdio: ['ignore', log.fd, log.fd], detached: true }),
    );
    const pid = await new Promise<number | undefined>((resolve) => {
      child.once('spawn', () => resolve(child.pid));
      child.once('error', () => resolve(undefined));
    });
    child.unref();
    const identity = pid === undefined ? undefined : await findIdentity(pid);
    return identity ?? { pid: pid ?? process.pid, startTicks: notStarted, bootId: '' };
  } finally {
    await log.close();
  }
}

/** A child takes over the mask of its parent at the moment of its start, which is synchronous. */
function spawnWithUmask<T>(umask: number, start: () => T): T {
  const own = process.umask(umask);
  try {
    return start();
  } finally {
    process.umask(own);
  }
}
