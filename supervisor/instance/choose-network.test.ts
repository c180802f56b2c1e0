import assert from 'node:assert/strict';
import { test } from 'node:test';

import { chooseNetwork } from './choose-network.ts';
import { formatAddress, parseNetwork } from './network.ts';

test('chooseNetwork() gives each instance its own network and steps over what the host uses', () => {
  assert.equal(chooseNetwork(0, []), '10.64.0.0/16');
  assert.equal(chooseNetwork(2, []), '10.66.0.0/16');
  assert.equal(chooseNetwork(0, [parseNetwork('10.64.7.0/24'), parseNetwork('10.65.1.1')]), '10.66.0.0/16');
});

test('chooseNetwork() comes round to the beginning and gives nothing when all is taken', () => {
  assert.equal(chooseNetwork(191, [parseNetwork('10.255.0.0/16')]), '10.64.0.0/16');
  assert.equal(chooseNetwork(0, [parseNetwork('10.0.0.0/8')]), undefined);
});

test('parseNetwork() cuts an address to its network and refuses what is none', () => {
  assert.deepEqual(parseNetwork('10.64.3.7/16'), parseNetwork('10.64.0.0/16'));
  assert.equal(formatAddress(parseNetwork('10.64.0.0/16').from + 1), '10.64.0.1');
  assert.equal(formatAddress(parseNetwork('255.255.255.255').to), '255.255.255.255');
  assert.throws(() => parseNetwork('fe80::1/64'));
});
