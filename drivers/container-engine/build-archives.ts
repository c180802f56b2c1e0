import { createReadStream, createWriteStream } from 'node:fs';
import { chmod, chown } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';

import { contractLimits } from '@ringfort/contracts/limits.ts';
import { Problem } from '@ringfort/contracts/problem.ts';

import { driverLimits as limits } from '../limits.ts';
import { copyArchive } from '../source-archive.ts';
import { applicationUser } from './build-image.ts';
import type { BuildSite } from './build-site.ts';

/** The source, checked and written anew; the archive as it was sent never meets a program that unpacks it. */
export async function stageSource({ plan, source: path }: BuildSite, source: Readable): Promise<void> {
  const refuse = (reason: string): Error => new Problem('source-refused', `${reason}.`);
  await copyArchive({
    input: Readable.from(unzip(source, refuse)),
    output: createWriteStream(path, { flags: 'wx', mode: 0o600 }),
    rules: {
      entriesMax: contractLimits.sourceEntriesMax,
      unpackedBytesMax: contractLimits.sourceUnpackedBytesMax,
      symbolicLinks: 'inside',
      owner: applicationUser,
      refuse,
    },
  });
  // Whatever the umask: the steps of the build read it as the application's user, and nobody else does.
  const { uidStart } = plan.place;
  await chown(path, uidStart + applicationUser.uid, uidStart + applicationUser.gid);
  await chmod(path, 0o400);
}

async function* unzip(source: Readable, refuse: (reason: string) => Error): AsyncGenerator {
  const unzipped = source.pipe(createGunzip());
  source.once('error', (error) => unzipped.destroy(error));
  try {
    yield* unzipped;
  } catch (cause) {
    throw refuse(`The archive is not whole gzip: ${cause instanceof Error ? cause.message : 'unknown'}`);
  }
}

/** What the build made, written anew like the source. Links may point anywhere: they are followed inside the container alone. */
export async function checkLayer({ packed, layer, plan }: BuildSite): Promise<{ readonly unpackedBytes: number }> {
  return copyArchive({
    input: createReadStream(packed),
    output: createWriteStream(layer, { flags: 'wx', mode: 0o600 }),
    rules: {
      entriesMax: limits.builtEntriesMax,
      unpackedBytesMax: plan.diskBytesMax,
      symbolicLinks: 'any',
      topFolder: 'app',
      owner: applicationUser,
      refuse: (reason) => new Problem('build-failed', `The result of the build cannot become an image. ${reason}.`),
    },
  });
}
