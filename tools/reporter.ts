import type { TestEvent } from 'node:test/reporters';
import type { TestCounts } from './test-counts.ts';

/** A reporter of `node:test` that writes the counts of the whole run as one JSON object at its end. */
// oxlint-disable-next-line import/no-default-export -- node --test-reporter loads the default export
export default async function* report(events: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  for await (const event of events) {
    if (event.type !== 'test:summary' || event.data.file !== undefined) continue;
    const { passed, cancelled, skipped, todo, tests } = event.data.counts;
    const failed = tests - passed - cancelled - skipped - todo;
    const counts: TestCounts = { passed, failed: failed + cancelled, skipped: skipped + todo };
    yield JSON.stringify(counts);
  }
}
