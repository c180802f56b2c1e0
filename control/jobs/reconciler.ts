import type { NudgeTarget } from './nudge.ts';
import type { QueueName } from './queues.ts';

/**
 * Makes what is real equal to what is wanted, for one thing at a time. It is called after a nudge and from a timer, may run twice and
 * may end anywhere; it takes no orders, only the hint to look again.
 */
export type Reconciler = {
  readonly queue: QueueName;
  readonly everyMs: number;
  /** How many different things this program works on at the same time. */
  readonly atOnceMax: number;
  /** Everything that the timer lets look at. */
  readonly list: () => Promise<readonly NudgeTarget[]>;
  /** A failure is thrown: the nudge comes back, ever later. `signal` is aborted when the program stops. */
  readonly reconcile: (target: NudgeTarget, signal: AbortSignal) => Promise<void>;
};
