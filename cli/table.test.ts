import assert from 'node:assert/strict';
import { test } from 'node:test';

import { table } from './table.ts';

test('table() aligns columns whatever is painted or wide, and leaves no space at the end of a line', () => {
  const lines = table(
    ['NAME', 'STATE'],
    [
      ['\u001b[32mshop\u001b[0m', 'ok'],
      ['日本', 'ok'],
      ['guestbook', ''],
    ],
  );
  assert.deepEqual(lines, ['NAME       STATE', '\u001b[32mshop\u001b[0m       ok', '日本       ok', 'guestbook']);
});
