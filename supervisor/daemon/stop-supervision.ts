import { supervisorLimits as limits } from '../limits.ts';
import { endProcess } from '../processes/end-process.ts';
import { isRunning } from '../processes/process-identity.ts';
import { readRecord } from './program-record.ts';

/** Ends the keeper and the daemon; the programs run on. The two start each other again, so it takes until neither runs. */
export async function stopSupervision(recordsFolder: string): Promise<void> {
  for (let round = 0; round < roundsMax; round += 1) {
    let ended = 0;
    for (const name of ['keeper', 'daemon']) {
      const record = await readRecord(recordsFolder, name);
      if (record === undefined || !(await isRunning(record.identity))) continue;
      // The keeper ends the daemon before itself.
      await endProcess(record.identity, { signal: 'SIGTERM', graceMs: limits.stopGraceMs * 2 });
      ended += 1;
    }
    if (ended === 0) return;
  }
  throw new Error('The supervisor does not end');
}

const roundsMax = 5;
