import assert from 'node:assert/strict';
import { test } from 'node:test';

import { cleanLine } from './log-line.ts';

const escape = String.fromCodePoint(0x1b);
const bell = String.fromCodePoint(0x07);

test('cleanLine() takes colours, titles, bells and line ends out and leaves text', () => {
  const line = `${escape}[1;31mred${escape}[0m ${escape}]0;title${bell}${bell}next\r\n\tgrün`;
  assert.equal(cleanLine(line), 'red next grün');
});

test('cleanLine() leaves no half of a sequence that works', () => {
  assert.equal(cleanLine(`${escape}${escape}[31mx${escape}`), '[31mx'.slice(-1));
});

test('cleanLine() cuts what is too long', () => {
  assert.ok(cleanLine('x'.repeat(100_000)).length < 5_000);
});
