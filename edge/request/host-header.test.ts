import assert from 'node:assert/strict';
import { test } from 'node:test';

import * as fc from 'fast-check';

import { Hostname } from '@ringfort/contracts/names.ts';

import { parseHost } from './host-header.ts';

test('parseHost() takes the port, the trailing dot and capitals off', () => {
  for (const value of ['app.test', 'APP.test', 'app.test:8443', 'app.test.', 'App.Test.:443']) {
    assert.equal(parseHost(value), 'app.test', value);
  }
});

test('parseHost() refuses what is not exactly one host name', () => {
  const values = [
    '',
    '.',
    'app.test, other.test',
    'app.test other.test',
    'user@app.test',
    'app.test/path',
    'app.test?x',
    'app.test#x',
    'app.test\\other.test',
    'app..test',
    '-app.test',
    'app.test..',
    'app.test:',
    'app.test:99999',
    'app.test:80:80',
    'app.test:8a',
    '127.0.0.1',
    '[::1]',
    'app_one.test',
    'äpp.test',
    'app.test\0',
    'app.test\t',
    `${'a'.repeat(64)}.test`,
    `${'a.'.repeat(200)}test`,
  ];
  for (const value of values) assert.equal(parseHost(value), undefined, value);
});

test('parseHost() gives a host name in its one form, or nothing, whatever it is given', () => {
  const pieces = fc.constantFrom(
    'app',
    '.',
    ':',
    '443',
    '-',
    'A',
    '_',
    '@',
    ',',
    ' ',
    '\t',
    '[',
    ']',
    '::1',
    '127.0.0.1',
    '%',
    'ä',
  );
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 8 }), (parts) => {
      const parsed = parseHost(parts.join(''));
      if (parsed === undefined) return;
      assert.equal(Hostname.parse(parsed), parsed);
      assert.equal(parseHost(parsed), parsed);
    }),
  );
});
