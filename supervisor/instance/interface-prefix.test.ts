import assert from 'node:assert/strict';
import { test } from 'node:test';

import { interfacePrefix } from './interface-prefix.ts';

test('interfacePrefix() leaves room for an environment’s number in the 15 characters of an interface', () => {
  assert.match(interfacePrefix('default'), /^rf[0-9a-f]{4}-$/);
  assert.notEqual(interfacePrefix('default'), interfacePrefix('test'));
});
