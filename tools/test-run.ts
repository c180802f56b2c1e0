import { spawn } from 'node:child_process';
import type { StdioOptions } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCheck } from './check-run.ts';
import { readSourceFiles } from './source-file.ts';
import { noTests, parseCounts, sumCounts } from './test-counts.ts';
import type { TestCounts } from './test-counts.ts';
import { thisMachine } from './test-suites.ts';
import type { Suite } from './test-suites.ts';

/** How a suite ended. `missing` names what the machine lacks for it; then no test ran. */
export type SuiteResult = {
  readonly name: string;
  readonly counts: TestCounts;
  readonly missing: readonly string[];
  readonly durationMs: number;
};

/** Where and with what the suites run. `output` is where the tests' own lines go. */
export type Run = {
  readonly root: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly paths: readonly string[];
  readonly parallelism: number;
  readonly output: 'inherit' | 'ignore';
};

/** Runs one suite to its end and counts its tests. A run that ends badly without a failed test counts as one. */
export async function runSuite(suite: Suite, run: Run): Promise<SuiteResult> {
  const startedMs = performance.now();
  const result = (counts: TestCounts, missing: readonly string[] = []): SuiteResult => {
    return { name: suite.name, counts, missing, durationMs: performance.now() - startedMs };
  };
  if (suite.name === 'check') return result(await countSteps());
  const files = listTestFiles(suite, run);
  if (files.length === 0) return result(noTests);
  const missing = suite.missing(thisMachine(run.root, run.environment));
  if (missing.length > 0) return result(noTests, missing);
  if (run.output === 'inherit') console.log(`\n── ${suite.name}: ${files.length} files`);
  return result(await runFiles(suite, run, files));
}

async function countSteps(): Promise<TestCounts> {
  console.log('── check');
  const results = await runCheck([]);
  const passed = results.filter(({ ok }) => ok).length;
  return { passed, failed: results.length - passed, skipped: 0 };
}

function listTestFiles(suite: Suite, { root, paths }: Run): readonly string[] {
  const wanted = (path: string): boolean => paths.length === 0 || paths.some((start) => path.startsWith(start));
  return readSourceFiles(root)
    .map((file) => file.path)
    .filter((path) => suite.pattern.test(path) && wanted(path));
}

async function runFiles(suite: Suite, run: Run, files: readonly string[]): Promise<TestCounts> {
  const folder = mkdtempSync(join(tmpdir(), 'ringfort-test-'));
  try {
    const report = join(folder, 'counts.json');
    const exitCode = await runNode(run, [
      '--test',
      `--test-concurrency=${Math.min(suite.filesAtOnceMax, run.parallelism)}`,
      `--test-timeout=${suite.fileTimeoutMs}`,
      '--test-reporter=spec',
      '--test-reporter-destination=stdout',
      `--test-reporter=${join(import.meta.dirname, 'reporter.ts')}`,
      `--test-reporter-destination=${report}`,
      ...(suite.globalSetup === undefined ? [] : [`--test-global-setup=${suite.globalSetup}`]),
      ...files,
    ]);
    const counts = existsSync(report) ? parseCounts(readFileSync(report, 'utf8')) : undefined;
    if (counts === undefined) return { ...noTests, failed: 1 };
    return exitCode !== 0 && counts.failed === 0 ? sumCounts([counts, { ...noTests, failed: 1 }]) : counts;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function runNode(run: Run, args: readonly string[]): Promise<number | null> {
  const stdio: StdioOptions = ['ignore', run.output, run.output];
  const child = spawn(process.execPath, args, { cwd: run.root, env: run.environment, stdio });
  return new Promise((resolve, reject) => {
    child.once('error', reject).once('exit', resolve);
  });
}
