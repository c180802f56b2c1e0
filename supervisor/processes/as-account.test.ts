import assert from 'node:assert/strict';
import { test } from 'node:test';

import { asAccount } from './as-account.ts';

test('asAccount() takes every right away but the named ones', () => {
  assert.deepEqual(
    asAccount(['node', 'main.ts'], { account: { uid: 7, gid: 8 }, capabilities: ['net_bind_service'] }),
    [
      'setpriv',
      '--reuid=7',
      '--regid=8',
      '--clear-groups',
      '--no-new-privs',
      '--inh-caps=-all,+net_bind_service',
      '--ambient-caps=-all,+net_bind_service',
      '--bounding-set=-all,+net_bind_service',
      '--',
      'node',
      'main.ts',
    ],
  );
  assert.ok(asAccount(['true'], { account: { uid: 7, gid: 8 } }).includes('--bounding-set=-all'));
});

test('asAccount() leaves the command alone where there is no other user to be', () => {
  assert.deepEqual(asAccount(['true'], {}), ['true']);
});
