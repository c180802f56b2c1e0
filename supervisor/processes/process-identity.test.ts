import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';

import { endProcess } from './end-process.ts';
import { findProcess } from './find-process.ts';
import { findIdentity, isRunning, parseStat } from './process-identity.ts';

test('parseStat() is not misled by a program that puts parentheses and blanks into its name', () => {
  const fields = Array.from({ length: 52 }, (_, index) => String(index + 1));
  const stat = `42 (a) R 1 (b c) S ${fields.slice(3).join(' ')}`;
  assert.deepEqual(parseStat(stat), { state: 'S', startTicks: '22' });
  assert.equal(parseStat(''), undefined);
});

test('isRunning() knows a process from a later one with the same id', async () => {
  const own = await findIdentity(process.pid);
  assert.ok(own);
  assert.equal(await isRunning(own), true);
  assert.equal(await isRunning({ ...own, startTicks: '1' }), false);
  assert.equal(await isRunning({ ...own, bootId: 'another start of the machine' }), false);
});

test('findProcess() finds a program by its last arguments, among those of the given users alone', async () => {
  const mark = `ringfort-test-${process.pid}`;
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e9)', '--', 'keeper', mark], {
    stdio: 'ignore',
  });
  try {
    await once(child, 'spawn');
    const own = process.getuid?.() ?? 0;
    let found = await findProcess(['keeper', mark], [own]);
    // Between fork and exec the child still carries this process' command line.
    while (found === undefined) found = await findProcess(['keeper', mark], [own]);
    assert.equal(found.pid, child.pid);
    assert.equal(await findProcess(['keeper', mark], [own + 1]), undefined);
    assert.equal(await findProcess(['daemon', mark], [own]), undefined);
  } finally {
    child.kill('SIGKILL');
  }
});

test('endProcess() ends by force what does not listen to its signal', async () => {
  const ignoring = `process.on('SIGTERM', () => {}); setInterval(() => {}, 1e9); console.log('listening')`;
  const child = spawn(process.execPath, ['-e', ignoring], { stdio: ['ignore', 'pipe', 'ignore'] });
  await once(child.stdout, 'data');
  const identity = await findIdentity(child.pid ?? 0);
  assert.ok(identity);
  await endProcess(identity, { signal: 'SIGTERM', graceMs: 100 });
  assert.equal(await isRunning(identity), false);
  await endProcess(identity, { signal: 'SIGTERM', graceMs: 100 });
});
