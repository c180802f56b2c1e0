import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { after, test } from 'node:test';

import { browse } from './browse.ts';
import { ringfort } from './command.ts';
import { eventually } from './eventually.ts';
import { run } from './instance.ts';
import { programPids } from './victims.ts';

const hosts = ['guestbook-staging.localhost', 'guestbook-production.localhost'];
const keepers = ['keeper', 'supervisor'] as const;

after(() => signalKeepers('SIGCONT'));

test('Applications keep answering while control, the agent and the database are down, and all heals by itself', async () => {
  signalKeepers('SIGSTOP');
  for (const program of ['control', 'agent', 'database'] as const)
    for (const pid of programPids(program)) process.kill(pid, 'SIGKILL');
  const down = await ringfort('status', '-e', 'staging', '--project', 'guestbook');
  assert.notEqual(down.code, 0, 'Control should be down');
  for (let round = 0; round < 20; round += 1)
    for (const host of hosts) {
      const page = await browse(host, '/');
      assert.equal(page.status, 200, `${host} in round ${round}: ${page.text}`);
    }
  signalKeepers('SIGCONT');
  await eventually('the platform has healed', async () => {
    const { code, stderr } = await ringfort('status', '-e', 'staging', '--project', 'guestbook');
    assert.equal(code, 0, stderr);
  });
});

/** Stops, or lets go on, what would start the programs again. */
function signalKeepers(signal: 'SIGSTOP' | 'SIGCONT'): void {
  for (const keeper of keepers) for (const pid of programPids(keeper)) process.kill(pid, signal);
  assert.ok(readdirSync(`${run}/pids`).length > 0);
}
