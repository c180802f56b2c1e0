import assert from 'node:assert/strict';
import { test } from 'node:test';

import { isInNetwork, isPublicAddress } from './public-address.ts';

test('isPublicAddress() passes the internet and documentation ranges, in both families', () => {
  for (const address of ['1.1.1.1', '151.101.2.132', '203.0.113.7', '198.51.100.1', '2606:4700::1', '2001:db8::1']) {
    assert.equal(isPublicAddress(address), true, address);
  }
});

test('isPublicAddress() refuses what is private, local, shared, reserved or hides another address', () => {
  const closed = [
    '0.0.0.0',
    '10.89.0.1',
    '100.64.0.1',
    '127.0.0.1',
    '169.254.169.254',
    '172.31.255.255',
    '192.0.0.1',
    '192.168.1.1',
    '198.18.0.1',
    '224.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    '::ffff:1.1.1.1',
    '::ffff:127.0.0.1',
    '64:ff9b::7f00:1',
    'fe80::1',
    'fc00::1',
    'fd00:ec2::254',
    'ff02::1',
    '2002:7f00:1::',
    '2001:0:7f00:1::',
    'localhost',
    '',
  ];
  for (const address of closed) assert.equal(isPublicAddress(address), false, address);
});

test('isInNetwork() tells the addresses of a network from all others', () => {
  assert.equal(isInNetwork('10.89.255.254', '10.89.0.0/16'), true);
  for (const address of ['10.90.0.1', '::1', '', '::ffff:10.89.0.1']) {
    assert.equal(isInNetwork(address, '10.89.0.0/16'), false, address);
  }
});
