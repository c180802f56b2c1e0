import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';

import { makeTestFolder } from '../daemon/test-plan.ts';
import { endLeftovers } from './end-leftovers.ts';

test('endLeftovers() ends what runs from the folder and nothing that runs from elsewhere', async (t) => {
  const folder = await makeTestFolder(t);
  const copy = join(folder, 'sleeper');
  await copyFile('/bin/sleep', copy);
  const [inside, outside] = [spawn(copy, ['1000']), spawn('/bin/sleep', ['1000'])];
  t.after(() => outside.kill('SIGKILL'));
  await Promise.all([once(inside, 'spawn'), once(outside, 'spawn')]);
  await Promise.all([endLeftovers(folder, 1_000), once(inside, 'exit')]);
  assert.equal(outside.exitCode, null);
  assert.equal(outside.signalCode, null);
});
