import assert from 'node:assert/strict';
import { test } from 'node:test';

import { parseAbsoluteForm, parseAuthority } from './parse-target.ts';

test('parseAuthority() takes a host with a port and nothing else', () => {
  assert.deepEqual(parseAuthority('registry.npmjs.org:443'), { host: 'registry.npmjs.org', port: 443 });
  for (const text of [
    'registry.npmjs.org',
    'a:0',
    'a:65536',
    'user@a:443',
    '[::1]:443',
    'a b:443',
    'http://a:443',
    '',
  ]) {
    assert.equal(parseAuthority(text), undefined, text);
  }
});

test('parseAbsoluteForm() takes plain http addresses without a user', () => {
  const target = { host: 'deb.debian.org', port: 80, path: '/debian/dists?x=1' };
  assert.deepEqual(parseAbsoluteForm('http://deb.debian.org/debian/dists?x=1'), target);
  for (const text of [
    '/debian',
    'https://a/',
    'ftp://a/',
    'http://user:secret@a/',
    'file:///etc/passwd',
    'http://',
    '*',
  ]) {
    assert.equal(parseAbsoluteForm(text), undefined, text);
  }
});
