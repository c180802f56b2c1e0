import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkOpenEnds } from './open-ends.ts';

test('checkOpenEnds() refuses comments that put something off', () => {
  for (const text of ['// TODO: limits', '/* FIXME */', '/** HACK around it */']) {
    assert.equal(checkOpenEnds([{ path: 'kit/x.ts', text }]).length, 1, text);
  }
});

test('checkOpenEnds() passes ordinary comments and strings', () => {
  assert.deepEqual(checkOpenEnds([{ path: 'kit/x.ts', text: `// all that is to do\nconst a = 'TODO';` }]), []);
});
