import { backOffMs } from '@ringfort/kit/back-off.ts';
import type { Log } from '@ringfort/kit/log.ts';
import { Problem } from '@ringfort/contracts/problem.ts';

import { agentLimits as limits } from '../limits.ts';
import type { Environment } from './environment.ts';
import { createHealthChecker } from './health-checker.ts';
import { reconcileEnvironment, type ReconcileTools } from './reconcile-environment.ts';
import { createWaker } from './waker.ts';

/** Keeps one environment as its specification says, until it is removed or the loop is closed. */
export type EnvironmentLoop = {
  /** Makes the next pass come at once. */
  readonly nudge: () => void;
  /** Resolves when the first pass is over, however it went. */
  readonly begun: Promise<void>;
  /** Ends after the pass that is running. */
  readonly close: () => Promise<void>;
};

/** Begins with a pass at once. A pass that fails is told in the environment's message and tried again, later each time. */
export function startEnvironmentLoop(environment: Environment, options: LoopOptions): EnvironmentLoop {
  const waker = createWaker();
  const { clock, random, driver } = options;
  const health = createHealthChecker(environment, { driver, clock, random, onChange: waker.wake });
  const begun = Promise.withResolvers<void>();
  let failures = 0;
  const pass = async (): Promise<void> => {
    try {
      if (environment.spec.state === 'removed') return await removeThenStop();
      await reconcileEnvironment(environment, options);
      failures = 0;
    } catch (error) {
      failures += 1;
      environment.message = explain(error);
      options.log.warn('Environment not reconciled', { environmentId: environment.id, failures, error });
    }
    health.checkDue();
  };
  const removeThenStop = async (): Promise<void> => {
    environment.message = 'Being removed';
    await options.remove(environment);
    waker.close();
  };
  const delayMs = (): number => {
    if (failures > 0) {
      const { applyDelayMsMin: delayMsMin, applyDelayMsMax: delayMsMax } = limits;
      return backOffMs(failures - 1, { delayMsMin, delayMsMax, random });
    }
    const held = [...environment.statuses.values()].map(({ heldUntilMs }) => heldUntilMs ?? Infinity);
    const next = Math.min(health.nextDueAtMs(), ...held.filter((at) => at > clock.nowMs()));
    return Math.max(0, Math.min(limits.tickMs, next - clock.nowMs()));
  };
  const run = async (): Promise<void> => {
    while (!waker.isClosed()) {
      await pass();
      begun.resolve();
      await waker.sleep(delayMs());
    }
  };
  const ended = run();
  return {
    nudge: waker.wake,
    begun: begun.promise,
    close: () => {
      waker.close();
      return ended;
    },
  };
}

export type LoopOptions = ReconcileTools & {
  readonly log: Log;
  /** Takes a removed environment away without a trace; may be repeated. */
  readonly remove: (environment: Environment) => Promise<void>;
};

/** For people who wait for the environment. What is not a `Problem` is a bug or the engine's own words: its details are for the log. */
function explain(error: unknown): string {
  const text =
    error instanceof Problem ? error.detail : 'The engine failed; the log of the agent tells why. It tries again.';
  return text.slice(0, limits.messageCharactersMax);
}
