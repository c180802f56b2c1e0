import assert from 'node:assert/strict';
import { test } from 'node:test';

import { allotAddresses, freshAddresses, releaseAddresses } from './allot-addresses.ts';

test('allotAddresses() gives each key one address and keeps it', () => {
  const first = allotAddresses(freshAddresses(), ['a', 'b']);
  const second = allotAddresses(first, ['b', 'c']);
  assert.deepEqual(second.assigned, { a: 2, b: 3, c: 4 });
  assert.equal(allotAddresses(second, ['a']), second);
});

test('allotAddresses() gives an address again only after all the others', () => {
  let addresses = freshAddresses();
  const given: (number | undefined)[] = [];
  for (let turn = 0; turn < 120; turn += 1) {
    addresses = allotAddresses(addresses, ['only']);
    given.push(addresses.assigned['only']);
    addresses = releaseAddresses(addresses, () => true);
  }
  assert.equal(new Set(given.slice(0, 60)).size, 60);
  assert.deepEqual(given.slice(60), given.slice(0, 60));
});

test('allotAddresses() refuses when there are not enough, and gives none then', () => {
  const keys = Array.from({ length: 60 }, (_, index) => `key-${index}`);
  const full = allotAddresses(freshAddresses(), keys);
  assert.deepEqual(full.resting, []);
  assert.throws(() => allotAddresses(full, ['one-more']), { code: 'state-conflict' });
  assert.throws(() => allotAddresses(freshAddresses(), [...keys, 'one-more']), { code: 'state-conflict' });
});

test('releaseAddresses() takes back what is over and nothing else', () => {
  const addresses = allotAddresses(freshAddresses(), ['keep', 'drop']);
  const left = releaseAddresses(addresses, (key) => key === 'drop');
  assert.deepEqual([left.assigned, left.resting.at(-1)], [{ keep: 2 }, 3]);
  assert.equal(
    releaseAddresses(left, () => false),
    left,
  );
});
