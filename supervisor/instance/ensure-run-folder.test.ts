import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';

import { ensureRunFolder } from './ensure-run-folder.ts';

test('ensureRunFolder() empties what an earlier start of the machine left, and nothing of this one', async (t) => {
  const base = await mkdtemp(join(tmpdir(), 'ringfort-run-'));
  t.after(() => rm(base, { recursive: true }));
  const folder = join(base, 'ringfort', 'one');
  await ensureRunFolder(folder, 'first');
  await writeFile(join(folder, 'record'), '');
  await ensureRunFolder(folder, 'first');
  assert.deepEqual((await readdir(folder)).toSorted(), ['boot-id', 'record']);
  await ensureRunFolder(folder, 'second');
  assert.deepEqual(await readdir(folder), ['boot-id']);
});
