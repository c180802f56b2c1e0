import assert from 'node:assert/strict';
import { join } from 'node:path';
import { before, test } from 'node:test';

import { z } from 'zod';

import { deploymentSteps } from '@ringfort/contracts/deployment-step.ts';

import { browse } from './browse.ts';
import { mustRingfort, repository } from './command.ts';
import { deployFolder } from './deploying.ts';
import { eventually } from './eventually.ts';
import { full } from './instance.ts';
import { killVictim, victims, type Victim } from './victims.ts';

const folder = join(repository, 'e2e/fixtures/hello');
const hostname = 'hello-kill.localhost';
const environment = 'kill';
const Environments = z.array(z.object({ id: z.string(), slug: z.string() }));
let environmentId = '';

/** Everything at every step under --full; else each step once, with another victim each time. */
const pairs = deploymentSteps.flatMap((step, index) =>
  victims
    .filter((_, place) => full || place === index % victims.length || place === (index + 3) % victims.length)
    .map((victim): readonly [string, Victim] => [step, victim]),
);
const randomKills = full ? 50 : 6;

before(async () => {
  const first = await deployFolder(folder, { environment });
  assert.equal(first.code, 0, first.output);
  const listed: unknown = JSON.parse(await mustRingfort('environment:list', '--project', 'hello', '--json'));
  environmentId = Environments.parse(listed).find(({ slug }) => slug === environment)?.id ?? '';
});

async function answersWell(): Promise<string> {
  const page = await browse(hostname, '/');
  assert.equal(page.status, 200, page.text);
  const database = await browse(hostname, '/database');
  assert.equal(database.text, 'database greets\n');
  return page.text;
}

for (const [step, victim] of pairs) {
  test(`A deployment converges when ${victim} is killed at the step “${step}”`, async () => {
    const releaseBefore = await eventually('the application answers', answersWell);
    const killed: Promise<string>[] = [];
    const { code, output } = await deployFolder(folder, {
      environment,
      onStep: (seen) => {
        if (seen === step && killed.length === 0)
          killed.push(killVictim(victim, { environmentId, draw: killed.length }));
      },
    });
    assert.equal(killed.length, 1, `The step “${step}” was not seen\n${output}`);
    await Promise.all(killed);
    assert.equal(code, 0, output);
    await eventually('the new release answers', async () => assert.notEqual(await answersWell(), releaseBefore));
  });
}

test(`Deployments converge when programs are killed at ${randomKills} random times`, async () => {
  let kills = 0;
  while (kills < randomKills) {
    const releaseBefore = await eventually('the application answers', answersWell);
    const stop = new AbortController();
    const killing = killAtRandom(stop.signal, randomKills - kills);
    const { code, output } = await deployFolder(folder, { environment });
    stop.abort();
    kills += await killing;
    assert.equal(code, 0, output);
    await eventually('the new release answers', async () => assert.notEqual(await answersWell(), releaseBefore));
  }
});

/** Kills something every half to three seconds until the deployment has ended. */
async function killAtRandom(signal: AbortSignal, killsMax: number): Promise<number> {
  let kills = 0;
  while (kills < killsMax) {
    const delayMs = 500 + Math.floor(Math.random() * 2_500);
    const over = await new Promise<boolean>((resolve) => {
      const timer = setTimeout(() => resolve(false), delayMs);
      signal.addEventListener('abort', () => resolve((clearTimeout(timer), true)), { once: true });
      if (signal.aborted) resolve(true);
    });
    if (over) break;
    const victim = victims[Math.floor(Math.random() * victims.length)] ?? 'control';
    await killVictim(victim, { environmentId, draw: Math.floor(Math.random() * 64) });
    kills += 1;
  }
  return kills;
}
