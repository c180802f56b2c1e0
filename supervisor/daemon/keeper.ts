import { join } from 'node:path';

import { supervisorLimits as limits } from '../limits.ts';
import { endProcess } from '../processes/end-process.ts';
import { withLock } from '../processes/with-lock.ts';
import type { DaemonOptions } from './daemon.ts';
import { ProgramKeeper } from './program-keeper.ts';
import type { SupervisionPlan } from './program-plan.ts';

/**
 * Keeps the daemon running, which keeps this one running: killing either heals. The signal ends both, the daemon first, because it would
 * start this one again.
 */
export async function runKeeper(plan: SupervisionPlan, options: DaemonOptions): Promise<void> {
  await withLock(join(plan.locksFolder, 'keeper.lock'), async () => {
    const daemon = new ProgramKeeper(plan.daemon, {
      ...options,
      recordsFolder: plan.recordsFolder,
      waitForPredecessors: () => Promise.resolve(),
    });
    await daemon.adopt();
    await daemon.keep(options.signal);
    const { record } = daemon;
    if (record !== undefined) await endProcess(record.identity, { signal: 'SIGTERM', graceMs: limits.stopGraceMs });
  });
}
