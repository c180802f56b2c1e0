/** How the tests of a suite ended. Cancelled tests count as failed, those marked as to be done as skipped. */
export type TestCounts = { readonly passed: number; readonly failed: number; readonly skipped: number };

export const noTests: TestCounts = { passed: 0, failed: 0, skipped: 0 };

/** Adds counts up. */
export function sumCounts(all: readonly TestCounts[]): TestCounts {
  return all.reduce(
    (sum, counts) => ({
      passed: sum.passed + counts.passed,
      failed: sum.failed + counts.failed,
      skipped: sum.skipped + counts.skipped,
    }),
    noTests,
  );
}

/** Reads what `tools/reporter.ts` wrote; undefined when the run ended before it could. */
export function parseCounts(text: string): TestCounts | undefined {
  if (text.trim() === '') return undefined;
  const value: unknown = JSON.parse(text);
  if (typeof value !== 'object' || value === null) return undefined;
  const { passed, failed, skipped } = { passed: undefined, failed: undefined, skipped: undefined, ...value };
  if (typeof passed !== 'number' || typeof failed !== 'number' || typeof skipped !== 'number') return undefined;
  return { passed, failed, skipped };
}
