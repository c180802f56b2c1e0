import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { runSuite } from './test-run.ts';
import { suites } from './test-suites.ts';

let root = '';
const unit = suites.find((suite) => suite.name === 'unit') ?? assert.fail();

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'ringfort-test-run-'));
  mkdirSync(join(root, 'kit'));
  execFileSync('git', ['init', '--quiet', root]);
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

// A runner started by a test must not think that it is one of its own files.
const { NODE_TEST_CONTEXT: _, ...environment } = process.env;
const run = { environment, paths: [], parallelism: 2, output: 'ignore' } as const;

async function countsOf(files: Readonly<Record<string, string>>): Promise<readonly number[]> {
  for (const [name, body] of Object.entries(files)) {
    writeFileSync(join(root, 'kit', name), `import { test } from 'node:test';\n${body}\n`);
  }
  const { counts } = await runSuite(unit, { ...run, root });
  return [counts.passed, counts.failed, counts.skipped];
}

test('runSuite() counts what passed, failed and was skipped over all files', async () => {
  const counts = await countsOf({
    'a.test.ts': `test('one', () => {}); test('two', () => { throw new Error('no'); });`,
    'b.test.ts': `test('three', () => {}); test('four', { skip: true }, () => {}); test('five', (t) => t.skip());`,
    'b.db.test.ts': `test('of another suite', () => { throw new Error('no'); });`,
  });
  assert.deepEqual(counts, [2, 1, 2]);
});

test('runSuite() counts a file that ends before its tests as failed', async () => {
  assert.deepEqual(await countsOf({ 'a.test.ts': 'process.exit(3);' }), [0, 1, 0]);
});

test('runSuite() names what is missing and runs nothing', async () => {
  writeFileSync(join(root, 'kit/a.test.ts'), '');
  const suite = { ...unit, missing: () => ['a moon'] };
  const result = await runSuite(suite, { ...run, root });
  assert.deepEqual([result.missing, result.counts.passed], [['a moon'], 0]);
});
