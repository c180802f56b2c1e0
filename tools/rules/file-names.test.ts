import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkFileNames } from './file-names.ts';

function isRefused(path: string): boolean {
  return checkFileNames([{ path, text: '' }]).length > 0;
}

test('checkFileNames() refuses names that say nothing and folders of that name', () => {
  for (const path of [
    'kit/utils.ts',
    'edge/types.ts',
    'control/http/routes.ts',
    'kit/helpers/clock.ts',
    'cli/shared/a.ts',
  ]) {
    assert.ok(isRefused(path), path);
  }
});

test('checkFileNames() refuses names that are not kebab-case', () => {
  for (const path of ['kit/systemClock.ts', 'kit/Clock.ts', 'kit/system_clock.test.ts'])
    assert.ok(isRefused(path), path);
});

test('checkFileNames() allows a barrel in a feature of control alone', () => {
  assert.ok(!isRefused('control/features/projects/index.ts'));
  assert.ok(isRefused('control/http/index.ts'));
  assert.ok(isRefused('control/features/projects/deep/index.ts'));
});

test('checkFileNames() passes ordinary names and everything outside the rooms', () => {
  for (const path of [
    'kit/back-off.ts',
    'kit/back-off.test.ts',
    'agent/apply.engine.test.ts',
    'examples/a/utils.ts',
    'docs/types.md',
  ]) {
    assert.ok(!isRefused(path), path);
  }
});
