import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Transform, Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';

import { Problem } from '@ringfort/contracts/problem.ts';
import { pack, type Pack } from 'tar-stream';

import { Failure } from './failure.ts';
import { parseIgnoreRules } from './ignore-rules.ts';
import { limits } from './limits.ts';
import { listSourceEntries, type SourceEntry } from './list-source-entries.ts';
import { packEntry } from './pack-entry.ts';

/** A packed folder: a file of the user's own that `discard` removes. `sourceDigest` is the SHA-256 of the file, in hexadecimal. */
export type PackedFolder = {
  readonly file: string;
  readonly sourceDigest: string;
  readonly sizeBytes: number;
  readonly files: number;
  readonly discard: () => Promise<void>;
};

/**
 * Packs a folder into a tar archive, compressed with gzip. The same content gives the same bytes: owners, times and the order of the
 * folder are left out. Rejects with `source-refused` naming the entry that may not be packed.
 */
export async function packFolder(folder: string): Promise<PackedFolder> {
  const isIgnored = parseIgnoreRules(await readIgnoreFile(folder));
  const entries = await listSourceEntries(folder, isIgnored);
  const place = await mkdtemp(join(tmpdir(), 'ringfort-source-'));
  const discard = async (): Promise<void> => rm(place, { recursive: true, force: true });
  try {
    const file = join(place, 'source.tar.gz');
    const written = await write({ folder, entries, file });
    return { file, ...written, files: entries.filter((entry) => entry.kind === 'file').length, discard };
  } catch (error) {
    await discard();
    throw error;
  }
}

type Work = { readonly folder: string; readonly entries: readonly SourceEntry[]; readonly file: string };

async function write(work: Work): Promise<{ readonly sourceDigest: string; readonly sizeBytes: number }> {
  const hash = createHash('sha256');
  let sizeBytes = 0;
  const measure = new Transform({
    transform: (chunk: Buffer, _encoding, done) => {
      sizeBytes += chunk.byteLength;
      hash.update(chunk);
      done(sizeBytes > limits.sourceBytesMax ? tooLarge() : null, chunk);
    },
  });
  const archive = pack();
  const target = createWriteStream(work.file, { mode: 0o600, flags: 'wx' });
  await Promise.all([
    pipeline(Readable.from(archive), createGzip({ level: 6 }), measure, target),
    addEntries(archive, work).catch((error: unknown) => {
      archive.destroy(error instanceof Error ? error : new Error(String(error)));
      throw error;
    }),
  ]);
  return { sourceDigest: hash.digest('hex'), sizeBytes };
}

async function addEntries(archive: Pack, work: Work): Promise<void> {
  for (const entry of work.entries) await packEntry(archive, work.folder, entry);
  archive.finalize();
}

function tooLarge(): Problem {
  const limitMib = limits.sourceBytesMax / 2 ** 20;
  return new Problem(
    'body-too-large',
    `The packed folder is larger than ${limitMib} MiB. Leave out what the build does not need with .ringfortignore.`,
  );
}

async function readIgnoreFile(folder: string): Promise<string> {
  const path = join(folder, '.ringfortignore');
  try {
    if ((await stat(path)).size > limits.ignoreFileBytesMax)
      throw new Failure(`${path} is larger than ${limits.ignoreFileBytesMax / 1024} KiB.`);
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '';
    throw error;
  }
}
