import assert from 'node:assert/strict';
import { test } from 'node:test';

import { parseTable } from './list-listeners.ts';

test('parseTable() reads listening sockets of IPv4 and IPv6 as the kernel writes them', () => {
  const four = `  sl  local_address rem_address   st
   0: 0100007F:0CEA 00000000:0000 0A 00000000:00000000
   1: 0100007F:0CEA 0100007F:D431 01 00000000:00000000
`;
  assert.deepEqual(parseTable(four, { protocol: 'tcp', state: '0A' }), [
    { protocol: 'tcp', address: '127.0.0.1', port: 3306 },
  ]);
  const six = `  sl  local_address                         remote_address                        st
   0: B80D0120000000000000000001000000:1F90 00000000000000000000000000000000:0000 0A
`;
  assert.deepEqual(parseTable(six, { protocol: 'tcp', state: '0A' }), [
    { protocol: 'tcp', address: '2001:db8:0:0:0:0:0:1', port: 8080 },
  ]);
});
