import assert from 'node:assert/strict';
import { appendFile, open, readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';

import { isPostmasterReady } from './is-ready.ts';
import { rotateLog } from './rotate-log.ts';
import { makeTestFolder } from './test-plan.ts';

test('rotateLog() moves a large log on and keeps so many, while the program goes on appending', async (t) => {
  const folder = await makeTestFolder(t);
  const path = join(folder, 'log');
  const program = await open(path, 'a');
  for (const content of ['first', 'second', 'third', 'fourth']) {
    await program.appendFile(content);
    await rotateLog(path, { bytesMax: 4, kept: 2 });
  }
  await program.appendFile('now');
  await program.close();
  assert.deepEqual((await readdir(folder)).toSorted(), ['log', 'log.1', 'log.2']);
  assert.equal(await readFile(path, 'utf8'), 'now');
  assert.equal(await readFile(`${path}.1`, 'utf8'), 'fourth');
  assert.equal(await readFile(`${path}.2`, 'utf8'), 'third');
});

test('rotateLog() leaves small and missing logs alone', async (t) => {
  const folder = await makeTestFolder(t);
  await rotateLog(join(folder, 'none'), { bytesMax: 4, kept: 2 });
  await appendFile(join(folder, 'small'), 'abcd');
  await rotateLog(join(folder, 'small'), { bytesMax: 4, kept: 2 });
  assert.deepEqual(await readdir(folder), ['small']);
});

test('isPostmasterReady() does not take the file of an earlier server for the one of this process', () => {
  const file = ['42', '/data', '1', '0', '/socket', '', '  1  2', 'ready   ', ''].join('\n');
  assert.equal(isPostmasterReady(file, 42), true);
  assert.equal(isPostmasterReady(file, 43), false);
  assert.equal(isPostmasterReady(file.replace('ready', 'starting'), 42), false);
  assert.equal(isPostmasterReady('', 42), false);
});
