import { spawn } from 'node:child_process';
import { once } from 'node:events';

import { supervisorLimits as limits } from '../limits.ts';

/**
 * Runs `work` while this process alone holds the lock of `file` (flock(2), made if missing). Waits for as long as another one holds
 * it; `onWait` hears of that. The lock ends with this process, however that ends: a child holds it until its standard input is closed.
 */
export async function withLock<T>(file: string, work: () => Promise<T>, onWait?: () => void): Promise<T> {
  const holder = spawn('/usr/bin/flock', ['--exclusive', '--no-fork', file, 'cat'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = once(holder, 'exit');
  const late = setTimeout(() => onWait?.(), limits.lockPatienceMs);
  try {
    holder.stdin.write('held\n');
    const answer = await Promise.race([once(holder.stdout, 'data'), ended.then(() => undefined)]);
    if (answer === undefined) throw new Error(`No lock on ${file}: \`flock\` ended`);
    clearTimeout(late);
    return await work();
  } finally {
    clearTimeout(late);
    holder.stdin.destroy();
    await ended;
  }
}
