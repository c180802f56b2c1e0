import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkCitedPaths } from './cited-paths.ts';

const tree = [
  { path: 'control/features/projects/create-project.ts', text: '' },
  { path: 'docs/glossary.md', text: '' },
  { path: 'ringfort', text: '' },
];

function refusals(text: string): readonly string[] {
  return checkCitedPaths([...tree, { path: 'docs/page.md', text }]).map((finding) => finding.message);
}

test('checkCitedPaths() refuses code spans and links that lead nowhere', () => {
  assert.deepEqual(refusals('see `control/features/users.ts` and [it](missing.md)'), [
    'cites control/features/users.ts, which is not there',
    'cites docs/missing.md, which is not there',
  ]);
});

test('checkCitedPaths() refuses patterns that nothing matches', () => {
  assert.equal(refusals('`control/features/<noun>/delete-<noun>.ts` and `docs/*.txt`').length, 2);
});

test('checkCitedPaths() passes files, folders, patterns, links within the tree and the web', () => {
  const text = `\`control/features/\` \`control/features/<noun>/create-<noun>.ts\` \`docs/*.md\` \`./ringfort up\`
    [glossary](glossary.md#word) [up](../control/features) [web](https://example.org/x) [here](#part)`;
  assert.deepEqual(refusals(text), []);
});

test('checkCitedPaths() leaves what is not a path of the project alone', () => {
  assert.deepEqual(
    refusals('`application/problem+json` `/v1/projects` `$RINGFORT_HOME/log` `and/or` `@ringfort/kit`'),
    [],
  );
});
