import { Problem } from '@ringfort/contracts/problem.ts';
import { backOffMs } from '@ringfort/kit/back-off.ts';
import { wait } from '@ringfort/kit/wait.ts';

import type { CommandContext } from './command.ts';
import { isConnectionLoss } from './connection-failure.ts';
import { limits } from './limits.ts';

/**
 * Follows something that outlives a connection: runs `attempt` again until it gives a value, while the platform restarts or is away for up to
 * three minutes. `attempt` calls `alive` whenever it hears of the platform.
 */
export async function throughOutages<T>(
  context: CommandContext,
  attempt: (alive: () => void) => Promise<T | undefined>,
): Promise<T> {
  const delay = { delayMsMin: limits.retryDelayMsMin, delayMsMax: limits.retryDelayMsMax, random: context.random };
  let failures = 0;
  let heardAtMs = context.clock.nowMs();
  const alive = (): void => {
    failures = 0;
    heardAtMs = context.clock.nowMs();
  };
  for (;;) {
    try {
      const value = await attempt(alive);
      if (value !== undefined) return value;
    } catch (error) {
      const silentMs = context.clock.nowMs() - heardAtMs;
      if (!mayPass(error) || silentMs > limits.followOutageMs) throw error;
      if (failures === 2)
        context.terminal.note(context.terminal.paint('yellow', 'The platform is away; waiting for it …'));
    }
    failures += 1;
    await wait(backOffMs(failures, delay), context.signal);
    context.signal.throwIfAborted();
  }
}

function mayPass(error: unknown): boolean {
  return isConnectionLoss(error) || (error instanceof Problem && (error.status === 503 || error.status === 429));
}
