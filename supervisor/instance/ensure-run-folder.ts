import { rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { ensureFolder } from '../files/ensure-folder.ts';
import { readIfThere } from '../files/read-json.ts';
import { writeFileWhole } from '../files/write-file-whole.ts';

/**
 * Makes the folder of what lasts until the machine is restarted. Where /run lies on a disk, what an earlier start of the machine left in it
 * is removed: the engine would take it for containers that run.
 */
export async function ensureRunFolder(folder: string, bootId?: string): Promise<void> {
  const now = bootId ?? (await readIfThere('/proc/sys/kernel/random/boot_id')) ?? '';
  const mark = join(folder, 'boot-id');
  await ensureFolder(dirname(folder), { mode: 0o755 });
  const before = await readIfThere(mark);
  if (before === now) return;
  if (before !== undefined) await rm(folder, { recursive: true });
  await ensureFolder(folder, { mode: 0o711 });
  await writeFileWhole(mark, now, { mode: 0o644 });
}
