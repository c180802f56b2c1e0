import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';

import { withLock } from './with-lock.ts';

test('withLock() lets one in at a time, and the next in when the work fails', async (t) => {
  const file = await lockFile(t);
  let inside = 0;
  const work = async (): Promise<void> => {
    inside += 1;
    assert.equal(inside, 1);
    await new Promise(setImmediate);
    inside -= 1;
  };
  const failing = withLock(file, () => Promise.reject(new Error('no')));
  await Promise.all([assert.rejects(failing, /no/), withLock(file, work), withLock(file, work), withLock(file, work)]);
});

test('withLock() is free again when its holder is killed', async (t) => {
  const file = await lockFile(t);
  const holding = `import { withLock } from ${JSON.stringify(join(import.meta.dirname, 'with-lock.ts'))};
    await withLock(${JSON.stringify(file)}, () => { console.log('held'); return new Promise(() => setInterval(() => {}, 1e9)); });`;
  const holder = spawn(process.execPath, ['--input-type=module', '-e', holding], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(holder.stdout, 'data');
  const waiting = withLock(file, () => Promise.resolve('in'));
  holder.kill('SIGKILL');
  assert.equal(await waiting, 'in');
});

async function lockFile(t: { after: (clean: () => Promise<void>) => void }): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'ringfort-lock-'));
  t.after(() => rm(folder, { recursive: true }));
  return join(folder, 'lock');
}
