import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { isTest, isTypeScript, readSourceFiles } from './source-file.ts';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'ringfort-source-'));
  for (const path of ['.gitignore', 'kit/clock.ts', 'kit/new.bin', 'node_modules/a/b.ts', 'state.log']) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), path === '.gitignore' ? 'node_modules/\n*.log\n' : 'text\n');
  }
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

test('readSourceFiles() lists what is tracked or new, leaves out what is ignored or deleted', () => {
  execFileSync('git', ['init', '--quiet', root]);
  writeFileSync(join(root, 'kit/gone.ts'), '');
  execFileSync('git', ['add', 'kit'], { cwd: root });
  rmSync(join(root, 'kit/gone.ts'));
  assert.deepEqual(readSourceFiles(root), [
    { path: '.gitignore', text: '' },
    { path: 'kit/clock.ts', text: 'text\n' },
    { path: 'kit/new.bin', text: '' },
  ]);
});

test('readSourceFiles() lists the folder where there is no repository', () => {
  const paths = readSourceFiles(root).map((file) => file.path);
  assert.deepEqual(paths, ['.gitignore', 'kit/clock.ts', 'kit/new.bin', 'state.log']);
});

test('isTypeScript() leaves out example applications and runtimes', () => {
  assert.ok(isTypeScript('kit/clock.ts') && isTypeScript('console/page.tsx'));
  assert.ok(!isTypeScript('examples/a/server.ts') && !isTypeScript('kit/clock.js'));
});

test('isTest() takes files of tests and everything in e2e', () => {
  assert.ok(isTest('kit/clock.test.ts') && isTest('control/a.db.test.ts') && isTest('e2e/step.ts'));
  assert.ok(!isTest('kit/test.ts'));
});
