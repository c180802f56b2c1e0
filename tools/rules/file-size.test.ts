import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkFileSize, medianLines } from './file-size.ts';

function fileOf(lines: number, name: string): { path: string; text: string } {
  return { path: `kit/${name}.ts`, text: 'x\n'.repeat(lines) };
}

test('checkFileSize() refuses a file of 401 lines and passes one of 400', () => {
  const small = [fileOf(1, 'a'), fileOf(1, 'b'), fileOf(1, 'c')];
  assert.deepEqual(checkFileSize([...small, fileOf(400, 'd')]), []);
  assert.deepEqual(
    checkFileSize([...small, fileOf(401, 'd')]).map((finding) => finding.path),
    ['kit/d.ts'],
  );
});

test('checkFileSize() refuses a median of 90 lines', () => {
  assert.equal(checkFileSize([fileOf(90, 'a')]).length, 1);
  assert.equal(checkFileSize([fileOf(89, 'a')]).length, 0);
});

test('medianLines() counts TypeScript of the rooms alone', () => {
  const files = [fileOf(3, 'a'), { path: 'examples/x/y.ts', text: '\n'.repeat(500) }, { path: 'a.md', text: '\n\n' }];
  assert.equal(medianLines(files), 3);
});
