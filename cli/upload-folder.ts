import { createReadStream } from 'node:fs';
import { Transform, type Readable } from 'node:stream';

import type { CommandContext } from './command.ts';
import { Failure } from './failure.ts';
import { packFolder, type PackedFolder } from './pack-folder.ts';

/** Packs a folder, sends it with progress, and gives the digest under which the platform keeps it. */
export async function uploadFolder(context: CommandContext, folder: string): Promise<string> {
  const { terminal } = context;
  terminal.progress('Packing …');
  const packed = await packFolder(folder);
  try {
    const size = formatBytes(packed.sizeBytes);
    const answer = await context.client().send('uploadSource', {
      params: { workspace: context.globals.workspace },
      source: () => readWithProgress(context, packed),
      sizeBytes: packed.sizeBytes,
    });
    terminal.note(`${terminal.paint('green', '✓')} Sent ${packed.files} files, ${size}`);
    if (answer.sourceDigest === packed.sourceDigest) return answer.sourceDigest;
    throw new Failure('The platform received other bytes than were sent.', { fix: 'Deploy again.' });
  } finally {
    terminal.progress('');
    await packed.discard();
  }
}

function readWithProgress({ terminal }: CommandContext, packed: PackedFolder): Readable {
  const total = formatBytes(packed.sizeBytes);
  let sentBytes = 0;
  let shown = -1;
  const count = new Transform({
    transform: (chunk: Buffer, _encoding, done) => {
      sentBytes += chunk.byteLength;
      const percent = Math.floor((100 * sentBytes) / packed.sizeBytes);
      if (percent !== shown) terminal.progress(`Sending ${formatBytes(sentBytes)} of ${total} (${percent} %)`);
      shown = percent;
      done(null, chunk);
    },
  });
  const file = createReadStream(packed.file);
  file.on('error', (error) => count.destroy(error));
  count.on('close', () => file.destroy());
  return file.pipe(count);
}

/** A size for people, in binary units. */
function formatBytes(sizeBytes: number): string {
  if (sizeBytes < 1024) return `${sizeBytes} B`;
  if (sizeBytes < 2 ** 20) return `${(sizeBytes / 1024).toFixed(1)} KiB`;
  return `${(sizeBytes / 2 ** 20).toFixed(1)} MiB`;
}
