import { Problem } from '@ringfort/contracts/problem.ts';

/** Lets a few run at the same time and the others wait, in the order they came. */
export type Slots = {
  /** Whether one who came now would have to wait. */
  readonly isFull: () => boolean;
  /** Runs when there is room. Rejects with `too-many-requests` when too many wait already, and when the signal is aborted first. */
  readonly run: <T>(work: () => Promise<T>, signal: AbortSignal) => Promise<T>;
};

/** All free. */
export function createSlots({
  atOnceMax,
  waitingMax,
}: {
  readonly atOnceMax: number;
  readonly waitingMax: number;
}): Slots {
  const waiting: (() => void)[] = [];
  let running = 0;
  const enter = async (signal: AbortSignal): Promise<void> => {
    if (signal.aborted) throw new Error('It was cancelled before it began');
    if (running < atOnceMax) {
      running += 1;
      return;
    }
    if (waiting.length >= waitingMax) {
      throw new Problem('too-many-requests', `${waitingMax} others wait already. Try again later.`);
    }
    const turn = Promise.withResolvers<void>();
    const leave = (): void => {
      const index = waiting.indexOf(turn.resolve);
      if (index === -1) return;
      waiting.splice(index, 1);
      turn.reject(new Error('It was cancelled while it waited'));
    };
    waiting.push(turn.resolve);
    signal.addEventListener('abort', leave, { once: true });
    await turn.promise;
    signal.removeEventListener('abort', leave);
  };
  const exit = (): void => {
    const next = waiting.shift();
    if (next === undefined) running -= 1;
    else next();
  };
  return {
    isFull: () => running >= atOnceMax,
    run: async (work, signal) => {
      await enter(signal);
      try {
        return await work();
      } finally {
        exit();
      }
    },
  };
}
