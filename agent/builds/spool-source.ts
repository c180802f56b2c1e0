import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Transform, type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

import { contractLimits } from '@ringfort/contracts/limits.ts';
import { Problem } from '@ringfort/contracts/problem.ts';

/** A source archive on disk, whole and of the digest that was announced. */
export type SpooledSource = { readonly path: string; readonly remove: () => Promise<void> };

/**
 * Takes a source archive in before anything is done with it, so that the build does not depend on its sender. Throws `body-too-large`, or
 * `source-refused` when it is not the announced one.
 */
export async function spoolSource(source: Readable, options: SpoolOptions): Promise<SpooledSource> {
  const path = join(options.folder, options.name);
  const remove = (): Promise<void> => rm(path, { force: true });
  const hash = createHash('sha256');
  try {
    await pipeline(source, measure(hash), createWriteStream(path, { flags: 'wx', mode: 0o600 }));
    if (hash.digest('hex') !== options.digest) {
      throw new Problem(
        'source-refused',
        `The archive that came does not have the digest ${options.digest}. Send it again.`,
      );
    }
    return { path, remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

export type SpoolOptions = { readonly folder: string; readonly name: string; readonly digest: string };

/** Makes the spool folder, empty: what is in it belongs to builds that an earlier agent did not finish. */
export async function openSpool(home: string): Promise<string> {
  const folder = join(home, 'spool');
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true, mode: 0o700 });
  return folder;
}

function measure(hash: ReturnType<typeof createHash>): Transform {
  let sizeBytes = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      sizeBytes += chunk.length;
      hash.update(chunk);
      if (sizeBytes <= contractLimits.sourceBytesMax) return done(null, chunk);
      done(
        new Problem(
          'body-too-large',
          `The archive is larger than ${contractLimits.sourceBytesMax} bytes. Leave files out.`,
        ),
      );
    },
  });
}
