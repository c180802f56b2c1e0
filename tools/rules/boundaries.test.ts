import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkBoundaries } from './boundaries.ts';

const kit = { path: 'kit/clock.ts', text: 'export const now = 1;\n' };

function refusals(path: string, text: string): readonly string[] {
  return checkBoundaries([kit, { path, text }]).map((finding) => finding.message);
}

test('checkBoundaries() lets a room import itself, the rooms and packages of its row, and Node', () => {
  const text = `import { now } from '@ringfort/kit/clock.ts';
    import { request } from 'undici';
    import { readFile } from 'node:fs/promises';
    import { other } from './other.ts';`;
  const files = [kit, { path: 'edge/other.ts', text: '' }, { path: 'edge/proxy.ts', text }];
  assert.deepEqual(checkBoundaries(files), []);
});

test('checkBoundaries() refuses a room that the row does not name, however it is imported', () => {
  for (const text of [
    `import { x } from '@ringfort/drivers/driver.ts';`,
    `import type { x } from '@ringfort/drivers/driver.ts';`,
    `import '@ringfort/drivers/driver.ts';`,
    `export { x } from '@ringfort/drivers/driver.ts';`,
    `export * from '@ringfort/drivers/driver.ts';`,
    `const x = await import('@ringfort/drivers/driver.ts');`,
    `type X = import('@ringfort/drivers/driver.ts').X;`,
  ]) {
    assert.deepEqual(refusals('control/main.ts', text), ['control may not import drivers'], text);
  }
});

test('checkBoundaries() refuses relative paths that leave the room, also into one that it may import', () => {
  assert.deepEqual(refusals('edge/http/x.ts', `import '../../kit/clock.ts';`), [
    'leaves edge by the relative path ../../kit/clock.ts',
  ]);
});

test('checkBoundaries() refuses packages that the row does not name and their look-alikes', () => {
  assert.deepEqual(refusals('edge/x.ts', `import 'pg';`), ['edge may not import the package pg']);
  assert.deepEqual(refusals('edge/x.ts', `import 'undici-types';`), ['edge may not import the package undici-types']);
  assert.deepEqual(refusals('agent/x.ts', `import '@peculiar/other';`), [
    'agent may not import the package @peculiar/other',
  ]);
});

test('checkBoundaries() lets tests use the test packages and nothing else uses them', () => {
  assert.deepEqual(refusals('kit/clock.test.ts', `import 'fast-check'; import 'node:test';`), []);
  assert.equal(refusals('kit/x.ts', `import 'fast-check'; import 'node:test';`).length, 2);
});

test('checkBoundaries() keeps input and output out of the pure rooms and processes out of control', () => {
  assert.deepEqual(refusals('kit/x.ts', `import 'node:fs';`), ['kit may not import node:fs']);
  assert.deepEqual(refusals('control/x.ts', `import 'node:child_process';`), [
    'control may not import node:child_process',
  ]);
  assert.deepEqual(refusals('control/x.ts', `import 'node:fs';`), []);
});

test('checkBoundaries() refuses computed imports, missing files, own rooms by name and folders that are no room', () => {
  assert.equal(refusals('edge/x.ts', 'await import(name);').length, 1);
  assert.equal(refusals('edge/x.ts', `import './missing.ts';`).length, 1);
  assert.equal(refusals('edge/x.ts', `import '@ringfort/kit/missing.ts';`).length, 1);
  assert.equal(refusals('kit/x.ts', `import '@ringfort/kit/clock.ts';`).length, 1);
  assert.equal(refusals('attic/x.ts', '').length, 1);
});
