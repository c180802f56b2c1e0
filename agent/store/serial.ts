/** Runs one thing after the other, in the order they came; the failure of one does not hold up the next. */
export type Serial = <T>(run: () => Promise<T>) => Promise<T>;

/** A queue of its own, empty. */
export function createSerial(): Serial {
  let last: Promise<unknown> = Promise.resolve();
  return (run) => {
    const mine = last.then(run, run);
    last = mine;
    return mine;
  };
}
