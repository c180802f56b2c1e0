import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';

import { pack, type Header } from 'tar-stream';

/** One entry of a test's archive; without `content` it has no body. */
export type TestEntry = Partial<Header> & { readonly name: string; readonly content?: string };

/** A tar archive with exactly these entries, however wrong they are. */
export async function testArchive(entries: readonly TestEntry[]): Promise<Buffer> {
  const tar = pack();
  for (const { content, ...header } of entries) {
    if (content === undefined) tar.entry(header);
    else tar.entry(header, content);
  }
  tar.finalize();
  return buffer(Readable.from(tar));
}

/** The same, compressed, as a source is sent. */
export async function testSource(entries: readonly TestEntry[]): Promise<Readable> {
  return Readable.from([gzipSync(await testArchive(entries))]);
}
