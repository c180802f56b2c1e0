import type { z } from 'zod';

import { controlLimits } from '../limits.ts';

/**
 * A stream of JSON lines (NDJSON). It ends when the source does, when the client has gone, or when the token may no longer read it,
 * which is asked every ten seconds; a source that is waiting for its next item does not hold that up.
 */
export async function* encodeLines(lines: AsyncIterable<unknown>, options: LineOptions): AsyncGenerator<string> {
  const ended = new AbortController();
  const signal = AbortSignal.any([options.signal, ended.signal]);
  const recheck = setInterval(() => {
    options.isStillAllowed().then(
      (isAllowed) => isAllowed || ended.abort(),
      () => ended.abort(),
    );
  }, options.recheckEveryMs ?? controlLimits.tokenRecheckEveryMs);
  const aborted = new Promise<undefined>((resolve) => {
    if (signal.aborted) resolve(undefined);
    signal.addEventListener('abort', () => resolve(undefined), { once: true });
  });
  const iterator = lines[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = await Promise.race([iterator.next(), aborted]);
      if (next === undefined || next.done === true) return;
      yield `${JSON.stringify(options.output.parse(next.value))}\n`;
    }
  } finally {
    clearInterval(recheck);
    ended.abort();
    // Not awaited: a generator that waits for its next item answers to the signal, not to this.
    void Promise.resolve(iterator.return?.()).catch(() => undefined);
  }
}

export type LineOptions = {
  readonly isStillAllowed: () => Promise<boolean>;
  /** The same that the handler was given. */
  readonly signal: AbortSignal;
  readonly output: z.ZodType;
  readonly recheckEveryMs?: number;
};
