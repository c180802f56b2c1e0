import assert from 'node:assert/strict';
import { test } from 'node:test';

import { EnvironmentSlug, Hostname, ProjectSlug } from './names.ts';

const accepts = (schema: typeof Hostname | typeof ProjectSlug, text: string): boolean => schema.safeParse(text).success;

test('ProjectSlug takes what fits the beginning of a DNS label and nothing else', () => {
  for (const good of ['a', 'guestbook', 'a-b-2']) assert.equal(accepts(ProjectSlug, good), true, good);
  for (const bad of ['', '-a', 'a-', 'a--b', 'A', '1a', 'a_b', 'ä', 'a\n', 'a'.repeat(41)])
    assert.equal(accepts(ProjectSlug, bad), false, bad);
});

test('ProjectSlug and EnvironmentSlug together fit one DNS label of 63 characters', () => {
  const label = `${'a'.repeat(40)}-${'b'.repeat(20)}`;
  assert.equal(EnvironmentSlug.safeParse('b'.repeat(20)).success, true);
  assert.ok(label.length <= 63);
});

test('Hostname refuses addresses, trailing dots, ports, upper case and control characters', () => {
  for (const good of ['localhost', 'a.example', 'xn--bcher-kva.example', '1a.example'])
    assert.equal(accepts(Hostname, good), true, good);
  for (const bad of [
    '127.0.0.1',
    'a.',
    '.a',
    'a..b',
    'A.example',
    'a:80',
    '[::1]',
    'a b',
    'a\n',
    '-a.example',
    `${'a'.repeat(64)}.example`,
  ])
    assert.equal(accepts(Hostname, bad), false, bad);
});
