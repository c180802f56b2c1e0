import assert from 'node:assert/strict';
import { test } from 'node:test';

import { isShared } from './ensure-shared-mount.ts';

const mountinfo = [
  '22 1 254:0 / / rw,relatime - ext4 /dev/vda rw',
  '36 22 98:0 / /var/lib rw,noatime shared:7 master:1 - ext4 /dev/vdb rw',
  '40 36 98:0 /a /var/lib/ringfort/a rw - ext4 /dev/vdb rw',
  '41 40 98:0 /a /var/lib/ringfort/a rw shared:9 - ext4 /dev/vdb rw',
  '',
].join('\n');

test('isShared() looks at the nearest mount, and at the topmost of several on one point', () => {
  assert.equal(isShared(mountinfo, '/srv'), false);
  assert.equal(isShared(mountinfo, '/var/lib/ringfort/b'), true);
  assert.equal(isShared(mountinfo, '/var/lib/ringfort/a/engine'), true);
  assert.equal(isShared(mountinfo, '/var/library'), false);
  assert.equal(isShared(mountinfo.replace('shared:9 ', ''), '/var/lib/ringfort/a'), false);
});
