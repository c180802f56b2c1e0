/** Lets a loop sleep until its time is over or something happens. What happens while the loop works is not lost. */
export type Waker = {
  readonly wake: () => void;
  readonly sleep: (delayMs: number) => Promise<void>;
  readonly close: () => void;
  readonly isClosed: () => boolean;
};

/** Nobody sleeps yet and nothing has happened. `delayMs` of `sleep` is in milliseconds. */
export function createWaker(): Waker {
  let isWoken = false;
  let isClosed = false;
  let finish: (() => void) | undefined;
  const wake = (): void => {
    isWoken = true;
    finish?.();
  };
  return {
    wake,
    sleep: (delayMs) =>
      new Promise((resolve) => {
        const timer = setTimeout(() => finish?.(), delayMs);
        finish = () => {
          clearTimeout(timer);
          finish = undefined;
          isWoken = false;
          resolve();
        };
        if (isWoken || isClosed) finish();
      }),
    close: () => {
      isClosed = true;
      wake();
    },
    isClosed: () => isClosed,
  };
}
