import assert from 'node:assert/strict';
import { test } from 'node:test';

import { isStorable, storableText } from './storable-text.ts';

test('storableText() replaces NUL and half surrogate pairs and leaves the rest', () => {
  assert.equal(storableText('a\0b\ud800c 😀'), 'a\uFFFDb\uFFFDc 😀');
});

test('isStorable() looks into names and values at any depth', () => {
  assert.equal(isStorable({ list: [{ name: 'ok' }, 1, null, true] }), true);
  assert.equal(isStorable({ list: [{ name: 'no\0' }] }), false);
  assert.equal(isStorable({ list: [{ 'no\0': 1 }] }), false);
});
