import type { EdgeSnapshot } from '@ringfort/contracts/edge-snapshot.ts';
import type { Clock } from '@ringfort/kit/clock.ts';
import { wait } from '@ringfort/kit/wait.ts';

import type { Database } from '../../db/database.ts';
import { edgeServerLimits as limits } from './limits.ts';
import type { NewestSnapshot } from './newest-snapshot.ts';
import { saveEdge } from './store.ts';

/**
 * Waits for a snapshot that is newer than `after`, at most 25 s; undefined when there is none by then or the poll was given up. While it
 * waits, the edge counts as running.
 */
export async function pollSnapshot(poll: Poll): Promise<EdgeSnapshot | undefined> {
  const { clock, signal, newest, after } = poll;
  const endsAtMs = clock.nowMs() + limits.pollMsMax;
  let seenAtMs = 0;
  while (!signal.aborted) {
    if (clock.nowMs() - seenAtMs >= limits.seenEveryMs) {
      seenAtMs = clock.nowMs();
      for (const edgeId of poll.edgeIds) await saveEdge(poll.database, { edgeId, atMs: seenAtMs });
    }
    const next = nextSnapshot(poll);
    const found = await newest.refresh();
    if (found !== undefined && found.version > after) return next.cancel(found.snapshot);
    const leftMs = endsAtMs - clock.nowMs();
    if (leftMs <= 0) return next.cancel(undefined);
    await next.wait(Math.min(leftMs, limits.pollLookMs));
  }
  return undefined;
}

export type Poll = {
  readonly database: Database;
  readonly newest: NewestSnapshot;
  readonly clock: Clock;
  readonly after: number;
  readonly edgeIds: readonly string[];
  readonly signal: AbortSignal;
};

/** Listens for the next snapshot from now on, so that none is missed between looking and waiting. */
function nextSnapshot({ newest, signal }: Poll): NextSnapshot {
  const woken = new AbortController();
  const stopListening = newest.onNext(() => woken.abort());
  return {
    wait: async (delayMs) => {
      await wait(delayMs, AbortSignal.any([woken.signal, signal]));
      stopListening();
    },
    cancel: (value) => {
      stopListening();
      return value;
    },
  };
}

type NextSnapshot = {
  readonly wait: (delayMs: number) => Promise<void>;
  readonly cancel: <T>(value: T) => T;
};
