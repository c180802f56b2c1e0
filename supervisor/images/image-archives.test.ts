import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';

import { findOlderArchive, imageArchive, removeOldArchives } from './image-archives.ts';

test('findOlderArchive() gives the newest of the very same recipe', async (t) => {
  const folder = await makeFolder(t, ['node-24-aa-2026-w09.tar', 'node-24-aa-2026-w46.tar', 'node-24-bb-2026-w47.tar']);
  assert.equal((await findOlderArchive(folder, 'node-24', 'aa'))?.version, 'aa-2026-w46');
  assert.equal(await findOlderArchive(folder, 'node-24', 'cc'), undefined);
});

test('removeOldArchives() removes what was not used for weeks, and never what is in use', async (t) => {
  const folder = await makeFolder(t, ['base-aa-2026-w40.tar', 'base-aa-2026-w41.tar', 'base-bb-2026-w47.tar']);
  const nowMs = Date.parse('2026-11-22T00:00:00Z');
  for (const old of ['base-aa-2026-w40.tar', 'base-aa-2026-w41.tar']) await utimes(join(folder, old), 0, 0);
  const keep = [imageArchive(folder, 'base', { digest: 'aa', week: '2026-w41' })];
  await removeOldArchives(folder, { keep, nowMs });
  assert.deepEqual((await readdir(folder)).toSorted(), ['base-aa-2026-w41.tar', 'base-bb-2026-w47.tar']);
});

async function makeFolder(
  t: { after: (clean: () => Promise<void>) => void },
  files: readonly string[],
): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'ringfort-archives-'));
  t.after(() => rm(folder, { recursive: true }));
  for (const file of files) await writeFile(join(folder, file), '');
  return folder;
}
