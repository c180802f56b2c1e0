import { sumCounts } from './test-counts.ts';
import type { SuiteResult } from './test-run.ts';

/** The last lines of a test run, and whether it counts as passed. */
export type Summary = { readonly text: string; readonly isGreen: boolean };

/**
 * Writes the table of suites, then what this machine could not run, then one line of totals. `isStrict` makes every
 * skipped test and every suite that could not run a failure.
 */
export function renderSummary(results: readonly SuiteResult[], options: { readonly isStrict: boolean }): Summary {
  const left = results.filter((result) => result.missing.length > 0);
  const total = sumCounts(results.map((result) => result.counts));
  const failed = total.failed + (options.isStrict ? total.skipped + left.length : 0);
  const skipped = options.isStrict ? 0 : total.skipped;
  const lines = [
    row(['suite', 'passed', 'failed', 'skipped', 'seconds']),
    ...results.map(({ name, counts, durationMs }) =>
      row([name, ...[counts.passed, counts.failed, counts.skipped].map(String), (durationMs / 1000).toFixed(1)]),
    ),
    '',
    ...left.map(({ name, missing }) => `Not run on this machine: ${name}, because it lacks ${missing.join(' and ')}.`),
    ...(options.isStrict && total.skipped > 0 ? [`${total.skipped} skipped, which counts as failed here.`] : []),
    `${total.passed} passed, ${failed} failed${skipped === 0 ? '' : `, ${skipped} skipped`}`,
  ];
  return { text: lines.join('\n'), isGreen: failed === 0 };
}

function row(cells: readonly string[]): string {
  const [name = '', ...numbers] = cells;
  return `${name.padEnd(8)}${numbers.map((number) => number.padStart(9)).join('')}`;
}
