import { backOffMs } from '@ringfort/kit/back-off.ts';
import { wait } from '@ringfort/kit/wait.ts';

import { deploymentLimits as limits } from './limits.ts';
import { runRound } from './run-round.ts';
import type { RoundOptions, RoundResult } from './run-round.ts';

/** The reconciliation of environments, deployments and snapshots: round after round, soon while something is under way. */
export type Rounds = {
  /** A nudge: begins the next round now. */
  readonly wake: () => void;
  readonly close: () => Promise<void>;
};

/** Begins the first round. One that fails is told and tried again, ever later; a nudge does not wait for that. */
export function startRounds(options: RoundOptions & { readonly random: () => number }): Rounds {
  const stopping = new AbortController();
  let pause = new AbortController();
  let isWoken = false;
  let failures = 0;
  const rest = async (delayMs: number): Promise<void> => {
    if (!isWoken) await wait(delayMs, AbortSignal.any([pause.signal, stopping.signal]));
    isWoken = false;
    pause = new AbortController();
  };
  const run = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      const result = await runRound(options).catch((error: unknown) => error);
      if (isResult(result)) {
        failures = 0;
        await rest(result.isMoved ? 0 : result.isBusy ? limits.busyRoundMs : limits.idleRoundMs);
      } else {
        options.log.error('A round of reconciliation failed and is tried again', { error: result, failures });
        await rest(backOffMs(failures, { delayMsMin: 250, delayMsMax: limits.idleRoundMs, random: options.random }));
        failures += 1;
      }
    }
  };
  const running = run();
  return {
    wake: () => {
      isWoken = true;
      options.memory.publishedAtMs = 0;
      pause.abort();
    },
    close: async () => {
      stopping.abort();
      await running;
    },
  };
}

function isResult(result: unknown): result is RoundResult {
  return typeof result === 'object' && result !== null && 'isMoved' in result;
}
