import {
  closeSync,
  fdatasyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';

/** One file of the access log. While it is written its name ends in `.ndjson`, afterwards in `.done.ndjson`, and it never changes again. */
export class LogSegment {
  readonly openedMs: number;
  bytes = 0;
  readonly #path: string;
  readonly #file: number;

  /** Makes the file; `name` is its name without the ending. */
  constructor(folder: string, { name, openedMs }: { readonly name: string; readonly openedMs: number }) {
    this.openedMs = openedMs;
    this.#path = join(folder, name);
    this.#file = openSync(`${this.#path}.ndjson`, 'ax', 0o640);
  }

  /** Returns when the operating system has all of it; throws where it does not take it (a full disk). */
  write(bytes: Buffer): void {
    let written = 0;
    while (written < bytes.length) written += writeSync(this.#file, bytes, written);
    this.bytes += bytes.length;
  }

  close(): void {
    fdatasyncSync(this.#file);
    closeSync(this.#file);
    renameSync(`${this.#path}.ndjson`, `${this.#path}.done.ndjson`);
  }
}

/** Makes the folder, and closes what a killed predecessor left open in it. Its last line may be cut. */
export function adoptSegments(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o750 });
  for (const name of readdirSync(folder)) {
    if (!name.endsWith('.ndjson') || name.endsWith('.done.ndjson')) continue;
    renameSync(join(folder, name), join(folder, name.replace(/\.ndjson$/, '.done.ndjson')));
  }
}

/** Removes the oldest finished segments until the others have at most `bytesMax` together; gives the names of those that went. */
export function removeOldestSegments(folder: string, bytesMax: number): readonly string[] {
  const names = readdirSync(folder).filter((name) => name.endsWith('.done.ndjson'));
  const segments = names
    .map((name) => ({ name, ...ageAndSize(join(folder, name)) }))
    .toSorted((left, right) => right.changedMs - left.changedMs);
  let bytes = 0;
  const removed = segments.filter((segment) => (bytes += segment.bytes) > bytesMax).map(({ name }) => name);
  for (const name of removed) rmSync(join(folder, name), { force: true });
  return removed;
}

function ageAndSize(path: string): { readonly changedMs: number; readonly bytes: number } {
  const { mtimeMs, size } = statSync(path);
  return { changedMs: mtimeMs, bytes: size };
}
