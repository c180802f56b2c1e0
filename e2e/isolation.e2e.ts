import assert from 'node:assert/strict';
import { join } from 'node:path';
import { before, test } from 'node:test';

import { z } from 'zod';

import { repository, ringfort } from './command.ts';
import { deployFolder } from './deploying.ts';
import { eventually } from './eventually.ts';

const Results = z.array(
  z.object({
    id: z.string(),
    state: z.string(),
    seenFrom: z.array(z.string()),
    evidence: z.record(z.string(), z.json()),
  }),
);

before(async () => {
  const { code, output } = await deployFolder(join(repository, 'e2e/fixtures/pair'), { environment: 'isolated' });
  assert.equal(code, 0, output);
});

test('A component that does not declare the database is not answered by it, while one that declares it is', async () => {
  const [result] = await verify('access.services-private');
  for (const place of ['pair-isolated/stranger.0', 'pair-isolated/friend.0', 'a foreign network', 'the host'])
    assert.ok(result?.seenFrom.includes(place), `${place} was not looked from`);
});

test('Every workload of every environment is looked from, and nothing of another environment answers', async () => {
  const [result] = await verify('isolation.environment');
  const places = ['guestbook-staging', 'guestbook-production', 'pair-isolated'];
  for (const place of places)
    assert.ok(
      result?.seenFrom.some((seen) => seen.startsWith(`${place}/`)),
      place,
    );
  assert.ok(Number(result?.evidence['tried']) > 50);
  assert.ok(Number(result?.evidence['twins']) > 6);
});

async function verify(id: string): Promise<z.infer<typeof Results>> {
  return eventually(`${id} is green`, async () => {
    const { stdout, stderr } = await ringfort('verify', '--json', id);
    const results = Results.parse(JSON.parse(stdout));
    assert.equal(results[0]?.state, 'pass', `${stdout}\n${stderr}`);
    return results;
  });
}
