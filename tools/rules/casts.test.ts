import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkCasts } from './casts.ts';

const path = 'kit/x.ts';

test('checkCasts() refuses a cast in either spelling and passes as const and satisfies', () => {
  assert.equal(checkCasts([{ path, text: 'const a = b as string;' }], []).length, 1);
  assert.equal(checkCasts([{ path, text: 'const a = <string>b;' }], []).length, 1);
  assert.equal(checkCasts([{ path, text: 'const a = b as unknown as string;' }], []).length, 2);
  assert.deepEqual(checkCasts([{ path, text: 'const a = [1] as const satisfies readonly number[];' }], []), []);
});

test('checkCasts() allows a cast inside the function that the list names, and in no other', () => {
  const allowed = [{ path, name: 'narrow', reason: 'the library types it as unknown' }];
  const inside = 'export function narrow(value: unknown) { return [value].map((inner) => inner as string); }';
  assert.deepEqual(checkCasts([{ path, text: inside }], allowed), []);
  assert.equal(
    checkCasts([{ path, text: `${inside} function other(b: unknown) { return b as string; }` }], allowed).length,
    1,
  );
});

test('checkCasts() refuses an entry of the list whose cast is gone', () => {
  const findings = checkCasts([{ path, text: '' }], [{ path, name: 'narrow', reason: 'none any more' }]);
  assert.deepEqual(
    findings.map((finding) => finding.message),
    ['kit/x.ts has no cast in narrow; remove the entry'],
  );
});
