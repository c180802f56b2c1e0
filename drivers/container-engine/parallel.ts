/** Runs `work` over all items, at most `parallelMax` at a time, each to its end. Resolves with the errors, in no order. */
export async function inParallel<T>(
  items: readonly T[],
  parallelMax: number,
  work: (item: T) => Promise<void>,
): Promise<readonly unknown[]> {
  const queue = [...items];
  const errors: unknown[] = [];
  const runner = async (): Promise<void> => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift())
      await work(item).catch((error: unknown) => errors.push(error));
  };
  await Promise.all(Array.from({ length: Math.min(parallelMax, items.length) }, runner));
  return errors;
}
