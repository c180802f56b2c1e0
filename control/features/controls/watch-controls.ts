import type { Log } from '@ringfort/kit/log.ts';
import { wait } from '@ringfort/kit/wait.ts';

import { checkDueControls } from './check-due-controls.ts';
import type { ControlsEnvironment } from './controls-context.ts';

const lookEveryMs = 15_000;

/** Checks every control at each of its ticks until `signal` is aborted. A round that fails is logged and comes again. */
export async function watchControls(environment: ControlsEnvironment, options: WatchOptions): Promise<void> {
  const { log, signal } = options;
  while (!signal.aborted) {
    await wait(lookEveryMs, signal);
    if (signal.aborted) return;
    try {
      await checkDueControls(environment, log);
    } catch (error) {
      log.warn('The controls could not be checked; the next round tries again', { error });
    }
  }
}

export type WatchOptions = { readonly log: Log; readonly signal: AbortSignal };
