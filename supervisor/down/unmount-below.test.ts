import assert from 'node:assert/strict';
import { test } from 'node:test';

import { listMountsBelow } from './unmount-below.ts';

test('listMountsBelow() lists the deepest first, with blanks in names, and nothing beside the folders', () => {
  const mounts = [
    '/dev/vda / ext4 rw 0 0',
    '/dev/loop0 /var/lib/ringfort/a/agent/volumes/x ext4 rw 0 0',
    'overlay /var/lib/ringfort/a/engine/my\\040layer/merged overlay rw 0 0',
    '/dev/vda /var/lib/ringfort/a ext4 rw 0 0',
    '/dev/loop1 /var/lib/ringfort/ab/agent ext4 rw 0 0',
    '',
  ].join('\n');
  assert.deepEqual(listMountsBelow(mounts, ['/var/lib/ringfort/a']), [
    '/var/lib/ringfort/a/engine/my layer/merged',
    '/var/lib/ringfort/a/agent/volumes/x',
    '/var/lib/ringfort/a',
  ]);
});
