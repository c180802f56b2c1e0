import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkShellStrings } from './shell-strings.ts';

function refusals(text: string): number {
  return checkShellStrings([{ path: 'agent/x.ts', text }]).length;
}

test('checkShellStrings() refuses exec, execSync, the module as a whole and the option shell', () => {
  for (const text of [
    `import { exec } from 'node:child_process';`,
    `import { execSync as run } from 'node:child_process';`,
    `import * as processes from 'node:child_process';`,
    `import processes from 'node:child_process';`,
    `const { exec } = await import('node:child_process');`,
    `spawn('ls', [], { shell: true });`,
    `spawn('ls', [], { 'shell': '/bin/sh' });`,
    `spawn('ls', [], { shell });`,
    `spawn('sh', ['-c', line]);`,
    `execFileSync('/bin/bash', ['-ec', 'ls']);`,
  ]) {
    assert.equal(refusals(text), 1, text);
  }
});

test('checkShellStrings() passes execFile and spawn with arrays, and the exec of other things', () => {
  assert.equal(
    refusals(`import { execFile, spawn } from 'node:child_process'; spawn('ls', ['-l'], { shell: false });`),
    0,
  );
  assert.equal(refusals(`/a/u.exec(text); database.exec('select 1'); const action = { exec: true };`), 0);
});
