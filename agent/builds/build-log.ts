import type { BuildEvent } from '@ringfort/contracts/agent-requests.ts';
import type { Clock } from '@ringfort/kit/clock.ts';

import { agentLimits as limits } from '../limits.ts';
import type { BuildOutcome } from '../store/environment-documents.ts';

/** The events of one build so far. Everyone who follows gets all of them, from the first to the last. */
export type BuildLog = {
  readonly addLine: (line: string) => void;
  /** The last event. With an error, followers are cut off instead: the build did not end, it may be asked for again. */
  readonly end: (outcome: BuildOutcome) => void;
  readonly breakOff: (error: Error) => void;
  readonly follow: (signal: AbortSignal) => AsyncIterable<BuildEvent>;
};

/** An empty log, bounded in lines and bytes. */
export function createBuildLog(clock: Clock): BuildLog {
  const events: BuildEvent[] = [];
  const waiting = new Set<() => void>();
  let end: { readonly error?: Error } | undefined;
  let sizeBytes = 0;
  const wake = (): void => {
    for (const resume of waiting) resume();
    waiting.clear();
  };
  const change = (): Promise<void> => new Promise((resolve) => void waiting.add(resolve));
  const addLine = (line: string): void => {
    if (end !== undefined || events.length > limits.buildLinesMax || sizeBytes > limits.buildLogBytesMax) return;
    const cut = line.slice(0, limits.buildLineCharactersMax);
    sizeBytes += Buffer.byteLength(cut);
    const isFull = events.length === limits.buildLinesMax || sizeBytes > limits.buildLogBytesMax;
    const text = isFull ? 'The build goes on; its further output is too long to be kept.' : cut;
    events.push({ type: 'log', at: new Date(clock.nowMs()).toISOString(), line: text });
    wake();
  };
  return {
    addLine,
    end: (outcome) => {
      events.push(outcome);
      end = {};
      wake();
    },
    breakOff: (error) => {
      end = { error };
      wake();
    },
    follow: async function* follow(signal) {
      signal.addEventListener('abort', wake, { once: true });
      for (let index = 0; !signal.aborted;) {
        const event = events[index];
        if (event !== undefined) {
          index += 1;
          yield event;
        } else if (end === undefined) await change();
        else if (end.error === undefined) return;
        else throw end.error;
      }
    },
  };
}
