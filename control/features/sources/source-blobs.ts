import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';

import type { WorkspaceId } from '@ringfort/contracts/identifiers.ts';
import { contractLimits } from '@ringfort/contracts/limits.ts';
import { Problem } from '@ringfort/contracts/problem.ts';

import { sourceLimits as limits } from './limits.ts';

/** Source archives in a folder, by workspace and content. A workspace reaches its own alone. */
export type SourceBlobs = {
  /** Writes a stream to a temporary file and says what it holds. Throws the Problem `body-too-large` beyond the limit. */
  readonly receive: (workspaceId: WorkspaceId, bytes: Readable, id: string) => Promise<ReceivedBlob>;
  /** Puts a received archive to its place. */
  readonly keep: (workspaceId: WorkspaceId, blob: ReceivedBlob) => Promise<void>;
  readonly open: (workspaceId: WorkspaceId, digest: string) => Promise<OpenBlob | undefined>;
  readonly remove: (workspaceId: WorkspaceId, digest: string) => Promise<void>;
  /** Everything in a workspace's folder: archives by their digests, and what interrupted uploads left. */
  readonly list: (workspaceId: WorkspaceId) => Promise<readonly StoredBlob[]>;
};

export type ReceivedBlob = { readonly path: string; readonly digest: string; readonly sizeBytes: number };
export type OpenBlob = { readonly source: Readable; readonly sizeBytes: number };
export type StoredBlob = { readonly name: string; readonly changedAtMs: number };

/** Keeps archives under `folder`, which belongs to control alone. */
export function createSourceBlobs({ folder }: { readonly folder: string }): SourceBlobs {
  const place = (workspaceId: WorkspaceId, name: string): string => join(folder, workspaceId, name);
  return {
    receive: async (workspaceId, bytes, id) => {
      await mkdir(join(folder, workspaceId), { recursive: true, mode: 0o700 });
      await refuseFullDisk(folder);
      return receive(bytes, place(workspaceId, `${id}.part`));
    },
    keep: (workspaceId, blob) => rename(blob.path, place(workspaceId, blob.digest)),
    open: (workspaceId, digest) => openBlob(place(workspaceId, digest)),
    remove: (workspaceId, name) => rm(place(workspaceId, name), { force: true }),
    list: (workspaceId) => list(join(folder, workspaceId)),
  };
}

async function refuseFullDisk(folder: string): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  if (bavail * bsize > limits.reserveBytes + contractLimits.sourceBytesMax) return;
  throw new Problem('state-conflict', 'The disk is almost full. Free some space on the machine, then upload again.');
}

async function receive(bytes: Readable, path: string): Promise<ReceivedBlob> {
  const hash = createHash('sha256');
  const file = await open(path, 'wx', 0o600);
  let sizeBytes = 0;
  try {
    for await (const chunk of asBytes(bytes)) {
      sizeBytes += chunk.length;
      if (sizeBytes > contractLimits.sourceBytesMax) throw tooLarge();
      hash.update(chunk);
      await file.write(chunk);
    }
    if (sizeBytes === 0)
      throw new Problem('input-invalid', 'The body is empty. Send the archive (tar, gzip) as the body.');
    await file.sync();
    return { path, digest: hash.digest('hex'), sizeBytes };
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  } finally {
    await file.close();
  }
}

async function* asBytes(stream: Readable): AsyncIterable<Uint8Array> {
  for await (const chunk of stream) {
    if (!(chunk instanceof Uint8Array)) throw new Error('The body is not a stream of bytes');
    yield chunk;
  }
}

async function openBlob(path: string): Promise<OpenBlob | undefined> {
  const found = await stat(path).catch(absent);
  return found === undefined ? undefined : { source: createReadStream(path), sizeBytes: found.size };
}

async function list(folder: string): Promise<readonly StoredBlob[]> {
  const names = (await readdir(folder).catch(absent)) ?? [];
  const found = await Promise.all(
    names.map(async (name) => ({ name, changedAtMs: (await stat(join(folder, name)).catch(absent))?.mtimeMs })),
  );
  return found.flatMap(({ name, changedAtMs }) => (changedAtMs === undefined ? [] : [{ name, changedAtMs }]));
}

function tooLarge(): Problem {
  const limitMiB = contractLimits.sourceBytesMax / 1024 / 1024;
  return new Problem(
    'body-too-large',
    `The archive has more than ${limitMiB} MiB. Leave out what the build can fetch.`,
  );
}

function absent(error: unknown): undefined {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
  throw error;
}
