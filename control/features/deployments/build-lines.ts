import type { Database } from '../../db/database.ts';
import { inWorkspace } from '../../db/transaction.ts';
import { storableText } from '../../storable-text.ts';
import { deploymentLimits as limits } from './limits.ts';
import { countEvents, insertEvents } from './store.ts';
import type { DeploymentKey, NewEvent } from './store.ts';

/** Keeps the lines of one component's build. `add` resolves when there is room again, `close` when everything is stored. */
export type BuildLines = {
  readonly add: (line: { readonly at: string; readonly line: string }) => Promise<void>;
  readonly close: () => Promise<void>;
};

/**
 * Stores lines in small batches, a quarter of a second behind at most. A build that is joined again tells its lines from the first one;
 * time and place tell which are known.
 */
export function keepBuildLines(options: BuildLinesOptions): BuildLines {
  let waiting: NewEvent[] = [];
  let writing: Promise<void> = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;
  let failure: Error | undefined;
  let atMs = 0;
  let ordinal = 0;
  const flush = (): Promise<void> => {
    clearTimeout(timer);
    timer = undefined;
    const batch = waiting;
    waiting = [];
    writing = writing
      .then(() => write(options, batch))
      .catch((error: unknown) => void (failure ??= new Error('Storing lines failed', { cause: error })));
    return writing;
  };
  const check = (): void => {
    if (failure !== undefined) throw failure;
  };
  return {
    add: async ({ at, line }) => {
      check();
      const lineMs = Date.parse(at);
      ordinal = lineMs === atMs ? ordinal + 1 : 0;
      atMs = lineMs;
      const build = { component: options.component, ordinal };
      waiting.push({ atMs, state: 'building', line: `${options.prefix}${shorten(storableText(line))}`, build });
      timer ??= setTimeout(() => void flush(), limits.buildLinesDelayMs);
      if (waiting.length >= limits.buildLinesWaitingMax) await flush();
    },
    close: async () => {
      await flush();
      check();
    },
  };
}

export type BuildLinesOptions = {
  readonly database: Database;
  readonly key: DeploymentKey;
  readonly component: string;
  /** Before each line, where a deployment has several builds. */
  readonly prefix: string;
};

async function write({ database, key }: BuildLinesOptions, batch: readonly NewEvent[]): Promise<void> {
  if (batch.length === 0) return;
  await inWorkspace(database, key, async (tx) => {
    const room = limits.eventsPerDeploymentMax - (await countEvents(tx, key.deploymentId));
    await insertEvents(tx, key, batch.slice(0, Math.max(room, 0)));
  });
}

function shorten(line: string): string {
  if (Buffer.byteLength(line) <= limits.eventLineBytesMax) return line;
  const cut = Buffer.from(line).subarray(0, limits.eventLineBytesMax).toString('utf8');
  return `${cut.replace(/\uFFFD+$/u, '')}…`;
}
