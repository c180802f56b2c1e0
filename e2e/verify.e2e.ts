import assert from 'node:assert/strict';
import { test } from 'node:test';

import { z } from 'zod';

import { ringfort } from './command.ts';
import { eventually } from './eventually.ts';

const Results = z.array(
  z.object({ id: z.string(), state: z.string(), seenFrom: z.array(z.string()), evidence: z.json() }),
);
const promised = ['access.services-private', 'audit.complete', 'isolation.environment'];

test('ringfort verify --json is green on the demo for every control and ends with 0', async () => {
  await eventually('every control is green', async () => {
    const { code, stdout, stderr } = await ringfort('verify', '--json');
    const results = Results.parse(JSON.parse(stdout));
    assert.deepEqual(results.map((result) => result.id).toSorted(), promised);
    assert.deepEqual(
      results.filter((result) => result.state !== 'pass'),
      [],
      stderr,
    );
    assert.equal(code, 0);
  });
});

test('ringfort verify --break sees every control red while its mechanism is broken, and green again', async () => {
  const { code, stdout, stderr } = await ringfort('verify', '--break');
  assert.equal(code, 0, `${stdout}\n${stderr}`);
});
