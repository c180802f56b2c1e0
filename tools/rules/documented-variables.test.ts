import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkDocumentedVariables } from './documented-variables.ts';

const page = { path: 'docs/configuration.md', text: '`RINGFORT_HOME`: where the state lies' };
const reader = { path: 'control/config.ts', text: 'environment.RINGFORT_HOME' };

test('checkDocumentedVariables() refuses a variable that the page does not explain, in code and in the bootstrap', () => {
  assert.equal(checkDocumentedVariables([page, reader, { path: 'edge/main.ts', text: 'RINGFORT_PORT' }]).length, 1);
  assert.equal(checkDocumentedVariables([page, reader, { path: 'ringfort', text: '$RINGFORT_PORT' }]).length, 1);
});

test('checkDocumentedVariables() refuses an explanation that nothing needs', () => {
  assert.deepEqual(
    checkDocumentedVariables([page]).map((finding) => finding.path),
    ['docs/configuration.md'],
  );
});

test('checkDocumentedVariables() passes when both name the same', () => {
  assert.deepEqual(checkDocumentedVariables([page, reader]), []);
});
