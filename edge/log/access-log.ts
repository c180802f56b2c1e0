import type { Clock } from '@ringfort/kit/clock.ts';
import type { Log } from '@ringfort/kit/log.ts';

import { edgeLimits } from '../limits.ts';
import { adoptSegments, LogSegment, removeOldestSegments } from './log-segment.ts';

/** Told what became of a line. An answer sends its last byte in `logged`, and is cut off in `logFailed`. */
export type LogWaiter = { readonly logged: () => void; readonly logFailed: () => void };

/**
 * The access log on disk. All lines of one turn of the event loop go out in one write, after which their waiters go on. When a
 * write fails, the lines are kept and tried again, and `isWritable` is false until they are written.
 */
export class AccessLog {
  isWritable = true;
  readonly #options: AccessLogOptions;
  readonly #rotation: NodeJS.Timeout;
  readonly #startedAt: string;
  #segment: LogSegment | undefined;
  #segments = 0;
  #lines: string[] = [];
  #waiters: LogWaiter[] = [];
  #kept = '';
  #flush: NodeJS.Immediate | undefined;

  constructor(options: AccessLogOptions) {
    this.#options = options;
    this.#startedAt = new Date(options.clock.nowMs()).toISOString().replace(/[-:.]/g, '');
    adoptSegments(options.folder);
    this.#rotation = setInterval(() => this.#tend(), edgeLimits.logRetryMs).unref();
  }

  /** Takes a line without its line end. */
  append(line: string, waiter: LogWaiter): void {
    this.#lines.push(line);
    this.#waiters.push(waiter);
    this.#flush ??= setImmediate(() => this.flush());
  }

  flush(): void {
    if (this.#flush !== undefined) clearImmediate(this.#flush);
    this.#flush = undefined;
    const waiters = this.#waiters;
    if (waiters.length === 0) return;
    const text = `${this.#lines.join('\n')}\n`;
    this.#lines = [];
    this.#waiters = [];
    if (this.#write(text)) for (const waiter of waiters) waiter.logged();
    else for (const waiter of waiters) waiter.logFailed();
  }

  /** Writes what is waiting and closes the segment. */
  close(): void {
    clearInterval(this.#rotation);
    this.flush();
    this.#closeSegment();
  }

  #write(text: string): boolean {
    if (!this.isWritable) return this.#keep(text);
    const bytes = Buffer.from(text);
    try {
      const segment = this.#segmentFor(bytes.length);
      segment.write(bytes);
      return true;
    } catch (error) {
      this.isWritable = false;
      this.#options.log.error('The access log cannot be written; requests are refused until it can', { error });
      return this.#keep(text);
    }
  }

  #keep(text: string): false {
    if (this.#kept.length + text.length <= edgeLimits.logPendingBytesMax) this.#kept += text;
    return false;
  }

  #segmentFor(bytes: number): LogSegment {
    const { folder, clock } = this.#options;
    if (this.#segment !== undefined && this.#segment.bytes + bytes > edgeLimits.logSegmentBytesMax)
      this.#closeSegment();
    if (this.#segment === undefined) {
      this.#segments += 1;
      const name = `access-${this.#startedAt}-${this.#segments}`;
      this.#segment = new LogSegment(folder, { name, openedMs: clock.nowMs() });
    }
    return this.#segment;
  }

  #closeSegment(): void {
    const segment = this.#segment;
    this.#segment = undefined;
    if (segment === undefined) return;
    segment.close();
    const { folder, log } = this.#options;
    const removed = removeOldestSegments(folder, edgeLimits.logFolderBytesMax);
    if (removed.length > 0) log.warn('The access log has reached its limit; its oldest segments are gone', { removed });
  }

  /** Once a second: a segment ends by its age although nothing is written to it, and kept lines are tried again. */
  #tend(): void {
    const openedMs = this.#segment?.openedMs ?? Infinity;
    try {
      if (this.#options.clock.nowMs() - openedMs > edgeLimits.logSegmentAgeMsMax) this.#closeSegment();
      if (!this.isWritable) this.#retry();
    } catch (error) {
      this.isWritable = false;
      this.#options.log.error('The access log cannot be written', { error });
    }
  }

  /** In a fresh segment: the last one may end in half a line. */
  #retry(): void {
    this.#closeSegment();
    const bytes = Buffer.from(this.#kept);
    this.#segmentFor(bytes.length).write(bytes);
    this.#kept = '';
    this.isWritable = true;
    this.#options.log.info('The access log can be written again');
  }
}

export type AccessLogOptions = { readonly folder: string; readonly clock: Clock; readonly log: Log };
