import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkMachinePaths } from './machine-paths.ts';

const folders = ['work', 'root', 'home'];

test('checkMachinePaths() refuses a path into each folder of a machine, in any kind of file', () => {
  for (const folder of folders) {
    for (const path of ['kit/x.ts', 'docs/x.md', 'package.json']) {
      const text = `"${['', folder, 'somebody'].join('/')}"`;
      assert.equal(checkMachinePaths([{ path, text }]).length, 1, text);
    }
  }
});

test('checkMachinePaths() passes such names inside other paths and addresses', () => {
  for (const folder of folders) {
    const text = `https://example.org/${folder}/x \${base}/${folder}/x app/${folder}/x`;
    assert.deepEqual(checkMachinePaths([{ path: 'kit/x.ts', text }]), []);
  }
});
