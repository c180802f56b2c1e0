import { once } from 'node:events';
import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

import { extract as createExtract, pack as createPack, type Extract, type Pack } from 'tar-stream';

import { acceptEntry, createEntryRules, type ArchiveRules, type EntryRules } from './archive-entry.ts';
import { driverLimits as limits } from './limits.ts';

/**
 * Copies a tar archive entry by entry into a new one that holds nothing but plain files, folders and symbolic links that `rules`
 * allow, with one owner and without special mode bits. Nothing is unpacked, and what is written is written anew, so that whoever
 * unpacks it sees what was checked here. The first entry that is not allowed ends it with the error that `rules.refuse` makes.
 */
export async function copyArchive(copy: ArchiveCopy): Promise<ArchiveSummary> {
  const extract = createExtract();
  const pack = createPack();
  // Whoever waits for them hears of a failure; when nobody does just then, it is no uncaught error.
  for (const stream of [extract, pack]) stream.on('error', ignore);
  let refusal: Error | undefined;
  const refuse = (reason: string): Error => (refusal ??= copy.rules.refuse(reason));
  const entryRules = createEntryRules({ ...copy.rules, refuse });
  let failure: Error | undefined;
  const fail = (cause: unknown): void => {
    failure ??= cause instanceof Error ? cause : new Error('The copy failed', { cause });
    extract.destroy(failure);
    pack.destroy(failure);
    copy.input.destroy();
    copy.output.destroy();
  };
  const source = Readable.from(meter(copy.input, entryRules));
  source.once('error', fail);
  source.pipe(extract);
  /** What stops the parser and is neither our refusal nor a failure elsewhere is its own: the archive is broken. */
  const failParsing = (cause: unknown): void => {
    const reason = cause instanceof Error ? cause.message : 'unknown';
    fail(failure ?? refusal ?? refuse(`It is not a whole tar archive: ${reason}`));
  };
  await Promise.all([
    copyEntries({ entries: extract, pack, entryRules }).catch(failParsing),
    pipeline(Readable.from(pack), copy.output).catch(fail),
  ]);
  if (failure !== undefined) throw failure;
  return { entries: entryRules.entries(), unpackedBytes: entryRules.unpackedBytes() };
}

export type ArchiveCopy = {
  /** The tar archive, no longer compressed. */
  readonly input: Readable;
  readonly output: Writable;
  readonly rules: ArchiveRules;
};

export type ArchiveSummary = { readonly entries: number; readonly unpackedBytes: number };

/**
 * The parser holds extended headers in memory whole, so what it is given may run ahead of what came out as entries by a bounded
 * number of bytes only; this also bounds what follows the archive's end.
 */
async function* meter(input: Readable, { rules, archiveBytes }: EntryRules): AsyncGenerator<Buffer> {
  let fedBytes = 0;
  for await (const chunk of input) {
    if (!Buffer.isBuffer(chunk)) throw new TypeError('The archive is not a stream of bytes');
    fedBytes += chunk.length;
    if (fedBytes > archiveBytes() + limits.archiveHeaderBytesMax)
      throw rules.refuse('The headers of an entry, or what follows the last one, are too large');
    yield chunk;
  }
}

async function copyEntries(copy: EntriesCopy): Promise<void> {
  for await (const entry of copy.entries) {
    const header = acceptEntry(copy.entryRules, entry.header);
    if (header === undefined) {
      entry.resume();
      continue;
    }
    const sink = copy.pack.entry(header);
    sink.on('error', ignore);
    for await (const chunk of entry) if (!sink.write(chunk)) await once(sink, 'drain');
    const finished = once(sink, 'finish');
    sink.end(null);
    await finished;
  }
  copy.pack.finalize();
}

function ignore(): void {
  // The failure is on its way already.
}

type EntriesCopy = {
  readonly entries: Extract;
  readonly pack: Pack;
  readonly entryRules: EntryRules;
};
