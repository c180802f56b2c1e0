import assert from 'node:assert/strict';
import { test } from 'node:test';

import { assert as check, property, string } from 'fast-check';

import { Problem } from '@ringfort/contracts/problem.ts';

import { readPaging, toPage } from './paging.ts';

const parts = { key: (row: string) => row, item: (row: string) => row };

test('toPage() gives a cursor to the next page exactly when there is more', () => {
  const paging = readPaging({ limit: 2 });
  assert.deepEqual(toPage(['a', 'b'], paging, parts), { items: ['a', 'b'], next: null });
  const page = toPage(['a', 'b', 'c'], paging, parts);
  assert.deepEqual(page.items, ['a', 'b']);
  assert.deepEqual(readPaging({ limit: 2, cursor: page.next ?? '' }), { limit: 2, afterKey: 'b' });
});

test('readPaging() takes its own cursors and throws a Problem for any other text', () => {
  check(
    property(string(), (cursor) => {
      try {
        assert.match(readPaging({ limit: 1, cursor }).afterKey ?? '', /^[a-z0-9.-]+$/u);
      } catch (error) {
        assert.ok(error instanceof Problem && error.code === 'input-invalid');
      }
    }),
  );
});
