import assert from 'node:assert/strict';
import { test } from 'node:test';

import * as fc from 'fast-check';

import { parseTarget } from './request-target.ts';

test('parseTarget() cuts the origin form at its first question mark', () => {
  assert.deepEqual(parseTarget('/a/b?c=d?e', 'app.test'), { path: '/a/b', query: 'c=d?e', originForm: '/a/b?c=d?e' });
  assert.deepEqual(parseTarget('/', 'app.test'), { path: '/', query: '', originForm: '/' });
});

test('parseTarget() takes the absolute form of the same host and gives the origin form', () => {
  assert.equal(parseTarget('https://APP.test:8443/a?b', 'app.test')?.originForm, '/a?b');
  assert.equal(parseTarget('http://app.test?b', 'app.test')?.originForm, '/?b');
  assert.equal(parseTarget('http://app.test', 'app.test')?.originForm, '/');
});

test('parseTarget() refuses another host, user information, other schemes and forms, and fragments', () => {
  const targets = [
    'https://other.test/',
    'https://user@app.test/',
    'https://app.test@other.test/',
    'https://app.test\\@other.test/',
    'ftp://app.test/',
    'https:///x',
    '*',
    'app.test:443',
    '/a#b',
    '',
  ];
  for (const target of targets) assert.equal(parseTarget(target, 'app.test'), undefined, target);
});

test('parseTarget() gives the origin form of a target on the host, or nothing, whatever it is given', () => {
  const pieces = fc.constantFrom(
    '/',
    'http:',
    'https:',
    '//',
    'app.test',
    'evil.test',
    '@',
    ':443',
    '?',
    '#',
    'a',
    '*',
    '\\',
  );
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 8 }), (parts) => {
      const target = parts.join('');
      const parsed = parseTarget(target, 'app.test');
      if (parsed === undefined) return;
      assert.ok(parsed.originForm.startsWith('/') && !parsed.originForm.includes('#'));
      assert.ok(target.endsWith(parsed.originForm.slice(1)));
      if (!target.startsWith('/')) assert.equal(new URL(target).hostname, 'app.test');
    }),
  );
});
