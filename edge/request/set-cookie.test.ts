import assert from 'node:assert/strict';
import { test } from 'node:test';

import * as fc from 'fast-check';

import { confineCookie } from './set-cookie.ts';

test('confineCookie() removes a Domain above or beside the own host, in every spelling', () => {
  for (const domain of [
    'Domain=test',
    'domain=.test',
    ' DOMAIN = other.test ',
    '\tDomain=\tTEST',
    'Domain',
    'Domain=',
  ]) {
    assert.equal(confineCookie(`a=b;${domain}; Path=/`, 'app.test'), 'a=b; Path=/', domain);
  }
});

test('confineCookie() removes each of several and keeps what names the own host', () => {
  assert.equal(confineCookie('a=b; Domain=app.test; Domain=test', 'app.test'), 'a=b; Domain=app.test');
  assert.equal(confineCookie('a=b; Domain=.APP.test; Secure', 'app.test'), 'a=b; Domain=.APP.test; Secure');
});

test('confineCookie() leaves the value of the cookie alone', () => {
  assert.equal(confineCookie('domain=test; Path=/', 'app.test'), 'domain=test; Path=/');
  assert.equal(confineCookie('a=b; HttpOnly', 'app.test'), 'a=b; HttpOnly');
});

test('confineCookie() leaves no Domain but the own host, whatever it is given', () => {
  const pieces = fc.constantFrom(
    'a=b',
    ';',
    ' ',
    '\t',
    'Domain',
    'dOmAiN',
    '=',
    '.',
    'test',
    'app.test',
    'evil.test',
    'Path=/',
  );
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 10 }), (parts) => {
      const [, ...attributes] = confineCookie(parts.join(''), 'app.test').split(';');
      for (const attribute of attributes) {
        const [name = '', ...value] = attribute.split('=');
        if (name.trim().toLowerCase() === 'domain') assert.match(value.join('=').trim(), /^\.?app\.test$/);
      }
    }),
  );
});
