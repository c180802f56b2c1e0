import assert from 'node:assert/strict';
import { test } from 'node:test';

import * as fc from 'fast-check';

import { safeJson, safeLine } from './escape-output.ts';

test('safeLine() drops colours, titles, links and clipboard sequences, and keeps the words', () => {
  const hostile = '\u001b[31mred\u001b[0m \u001b]0;title\u0007\u001b]52;c;aGk=\u001b\\ok \u009b2Jgone\u001b(B';
  assert.equal(safeLine(hostile), 'red ok gone');
});

test('safeLine() shows what is left of control and reordering characters, and makes one line of many', () => {
  assert.equal(
    safeLine('a\u0000b\u001b\u0008\u202egnp.exe\nnext\tcell'),
    'a\u{fffd}b\u{fffd}\u{fffd}\u{fffd}gnp.exe next cell',
  );
});

test('safeLine() keeps letters of every script and emoji', () => {
  const text = 'Zoë schreibt: 你好, مرحبا 👩‍💻';
  assert.equal(safeLine(text), text);
});

test('safeLine() never lets a control character through', () => {
  const hostile = fc.string({
    unit: fc.constantFrom('\u001b', '[', ']', '\u009b', '\u0007', '\\', 'm', ';', '0', 'a', '\u0090'),
  });
  fc.assert(fc.property(hostile, (text) => !/[\p{Cc}]/u.test(safeLine(text))));
});

test('safeJson() gives JSON that parses to the same value and holds no control character', () => {
  const value = { text: 'a\u009b2J\u202eb\u2028\u007f\u001b', more: [1, null] };
  assert.deepEqual(JSON.parse(safeJson(value)), value);
  assert.doesNotMatch(safeJson(value), /[\u007f-\u009f\u202e\u2028]/);
});
