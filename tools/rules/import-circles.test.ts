import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkImportCircles } from './import-circles.ts';

test('checkImportCircles() names a circle with all of its files, one through types included', () => {
  const files = [
    { path: 'kit/a.ts', text: `import type { B } from './b.ts';` },
    { path: 'kit/b.ts', text: `import { c } from './deep/c.ts';` },
    { path: 'kit/deep/c.ts', text: `export * from '../a.ts';` },
  ];
  assert.deepEqual(
    checkImportCircles(files).map((finding) => finding.message),
    ['imports itself: kit/a.ts → kit/b.ts → kit/deep/c.ts → kit/a.ts'],
  );
});

test('checkImportCircles() passes files that meet again further down', () => {
  const files = [
    { path: 'kit/a.ts', text: `import './b.ts'; import './c.ts';` },
    { path: 'kit/b.ts', text: `import './d.ts';` },
    { path: 'kit/c.ts', text: `import './d.ts';` },
    { path: 'kit/d.ts', text: '' },
  ];
  assert.deepEqual(checkImportCircles(files), []);
});
