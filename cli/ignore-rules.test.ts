import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Failure } from './failure.ts';
import { parseIgnoreRules } from './ignore-rules.ts';

/** Rules, then paths that are left out and paths that are not. A slash at the end makes a folder. */
const cases: readonly (readonly [rules: string, ignored: readonly string[], kept: readonly string[]])[] = [
  ['', ['.git/', 'a/.git', 'node_modules/', 'web/node_modules/'], ['.github/', '.gitignore', 'node_modules.txt']],
  ['!node_modules\n!.git', ['node_modules/', '.git/'], []],
  ['*.log', ['a.log', 'deep/down/b.log'], ['a.logs', 'log']],
  ['/build', ['build', 'build/'], ['web/build']],
  ['docs/', ['docs/', 'web/docs/'], ['docs']],
  ['a/*.txt', ['a/b.txt'], ['a/b/c.txt', 'x/a/b.txt']],
  ['a/**/z', ['a/z', 'a/b/z', 'a/b/c/z'], ['z', 'x/a/z']],
  ['**/tmp', ['tmp', 'a/tmp', 'a/b/tmp'], ['tmps']],
  ['logs/**', ['logs/a', 'logs/a/b'], ['logs/']],
  ['*.env\n!example.env', ['prod.env'], ['example.env']],
  ['# a comment\n\n\\#file\n\\!important', ['#file', '!important'], ['# a comment', 'file']],
  ['te?t.[ch]', ['test.c', 'text.h'], ['te/t.c', 'test.o', 'tet.c']],
  ['[!a-c].md', ['d.md'], ['a.md', '/.md']],
  ['trailing   \nkept\\ ', ['trailing', 'kept '], ['trailing   ']],
  ['a.b', ['a.b'], ['axb']],
];

test('parseIgnoreRules() decides as gitignore does, and leaves .git and node_modules out always', () => {
  for (const [rules, ignored, kept] of cases) {
    const isIgnored = parseIgnoreRules(rules);
    const decide = (path: string): boolean =>
      isIgnored(path.replace(/\/$/, ''), path.endsWith('/') ? 'folder' : 'other');
    for (const path of ignored) assert.equal(decide(path), true, `${rules} should leave out ${path}`);
    for (const path of kept) assert.equal(decide(path), false, `${rules} should keep ${path}`);
  }
});

test('parseIgnoreRules() names the line of a pattern that makes no sense', () => {
  assert.throws(
    () => parseIgnoreRules('fine\n[z-a]'),
    (error) => error instanceof Failure && /line 2/.test(error.message),
  );
});

test('parseIgnoreRules() refuses more lines than the limit', () => {
  assert.throws(() => parseIgnoreRules('a\n'.repeat(2_000)), Failure);
});
