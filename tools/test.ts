import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { parseArguments } from './test-arguments.ts';
import { renderSummary } from './test-summary.ts';
import { runSuite } from './test-run.ts';
import type { Run, SuiteResult } from './test-run.ts';
import { suites } from './test-suites.ts';

/**
 * `node tools/test.ts [suite…] [path…] [--full]`: runs the suites in their order, each in its own `node --test`. Paths
 * narrow a suite to the files below them. A suite that this machine cannot run is named at the end; where `CI` is
 * `true` that, and every skipped test, is a failure.
 */
const root = join(import.meta.dirname, '..');
const chosen = parseArguments(process.argv.slice(2), suites);
if ('problem' in chosen) {
  console.error(chosen.problem);
  process.exit(2);
}

const environment = {
  ...process.env,
  // Tests that make things on the machine must never do it in the instance that people use.
  RINGFORT_INSTANCE: process.env['RINGFORT_INSTANCE'] ?? 'test',
  ...(chosen.isFull ? { RINGFORT_TEST_FULL: '1' } : {}),
};
const parallelism = availableParallelism();
const run: Run = { root, environment, paths: chosen.paths, parallelism, output: 'inherit' };
const results: SuiteResult[] = [];
for (const suite of chosen.suites) {
  results.push(await runSuite(suite, run));
}

const summary = renderSummary(results, { isStrict: process.env['CI'] === 'true' });
console.log(`\n${summary.text}`);
process.exitCode = summary.isGreen ? 0 : 1;
