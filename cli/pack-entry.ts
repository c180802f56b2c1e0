import { once } from 'node:events';
import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';

import type { Header, Pack } from 'tar-stream';

import { refused, type SourceEntry } from './list-source-entries.ts';

/**
 * Adds one entry to an archive, without its owner and its times. Rejects with `source-refused` when a file is no longer what it was
 * when it was listed.
 */
export async function packEntry(archive: Pack, folder: string, entry: SourceEntry): Promise<void> {
  const constant = { name: entry.path, mtime: new Date(0), uid: 0, gid: 0, uname: '', gname: '' };
  switch (entry.kind) {
    case 'folder':
      archive.entry({ ...constant, type: 'directory', mode: 0o755 });
      return;
    case 'link':
      archive.entry({ ...constant, type: 'symlink', linkname: entry.target, mode: 0o777 });
      return;
    case 'file': {
      const mode = entry.isExecutable ? 0o755 : 0o644;
      const header = { ...constant, type: 'file', size: entry.sizeBytes, mode } as const;
      // Not through a link: it may have taken the file's place since.
      const file = await open(join(folder, entry.path), constants.O_RDONLY | constants.O_NOFOLLOW);
      try {
        await packFile(archive, header, file);
      } finally {
        await file.close();
      }
      return;
    }
    default:
      entry satisfies never;
  }
}

type FileHeader = Pick<Header, 'name' | 'type' | 'size' | 'mode' | 'mtime' | 'uid' | 'gid' | 'uname' | 'gname'>;

async function packFile(archive: Pack, header: FileHeader, file: FileHandle): Promise<void> {
  if ((await file.stat()).size !== header.size) throw refused(header.name, 'changed while it was packed');
  if (header.size === 0) {
    archive.entry(header, '');
    return;
  }
  const { promise: packed, resolve, reject } = Promise.withResolvers<undefined>();
  packed.catch(() => undefined);
  const sink = archive.entry(header, (error) => (error ? reject(error) : resolve(undefined)));
  let sizeBytes = 0;
  for await (const chunk of file.createReadStream({ autoClose: false, end: header.size - 1 })) {
    if (!(chunk instanceof Uint8Array)) throw new TypeError('The file does not give bytes');
    sizeBytes += chunk.byteLength;
    if (!sink.write(chunk)) await Promise.race([once(sink, 'drain'), packed]);
  }
  if (sizeBytes !== header.size) throw refused(header.name, 'changed while it was packed');
  sink.end(null);
  await packed;
}
