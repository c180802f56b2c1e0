/** Something that waits for the end of the turn of the event loop before it sends, since the turn may bring more or the end. */
export type Flushable = { readonly flush: () => void };

let waiting: Flushable[] = [];

/** Calls `flush` after the input that is there already has been worked on. It may be called more than once for one call here. */
export function flushSoon(flushable: Flushable): void {
  if (waiting.push(flushable) === 1) setImmediate(flushAll);
}

function flushAll(): void {
  const flushables = waiting;
  waiting = [];
  for (const flushable of flushables) flushable.flush();
}
