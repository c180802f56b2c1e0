import assert from 'node:assert/strict';
import { once } from 'node:events';
import { EventEmitter } from 'node:events';
import { after, afterEach, before, beforeEach, test } from 'node:test';

import { WorkspaceId } from '@ringfort/contracts/identifiers.ts';
import { createLog } from '@ringfort/kit/log.ts';
import type { PgBoss } from 'pg-boss';

import { startTestDatabases, type TestDatabase, type TestDatabases } from '../db/test-database.ts';
import { inWorkspace } from '../db/transaction.ts';
import { createNudge, type Nudge, type NudgeTarget } from './nudge.ts';
import { openBoss } from './open-boss.ts';
import { workReconcilers } from './work-reconcilers.ts';

const workspaceId = WorkspaceId.parse('01a20000-0000-7000-8000-000000000001');
const log = createLog({ program: 'test', clock: { nowMs: Date.now }, write: () => undefined });
let databases: TestDatabases;
let database: TestDatabase;
let stop: AbortController;
let running: Promise<void>[];

before(async () => {
  databases = await startTestDatabases();
});
beforeEach(async () => {
  database = await databases.create();
  stop = new AbortController();
  running = [];
});
afterEach(async () => {
  stop.abort();
  await Promise.all(running);
  await database.close();
});
after(() => databases.stop());

type Work = (target: NudgeTarget) => Promise<void>;

function startWorker(
  work: Work,
  options: { readonly listed?: readonly string[]; readonly everyMs?: number } = {},
): PgBoss {
  const boss = openBoss({ connectionString: database.connectionString('reconciler'), log });
  const { listed = [], everyMs = 60_000 } = options;
  const list = async (): Promise<readonly NudgeTarget[]> => listed.map((id) => ({ workspaceId, id }));
  const reconcilers = [{ queue: 'environments', everyMs, atOnceMax: 4, list, reconcile: work }] as const;
  running.push(workReconcilers({ boss, claims: database.reconciler, reconcilers, log, signal: stop.signal }));
  return boss;
}

async function nudge(send: Nudge, id: string, fails = false): Promise<void> {
  await inWorkspace(database.runtime, { workspaceId }, async (tx) => {
    await send(tx, 'environments', { workspaceId, id });
    if (fails) throw new Error('undone');
  }).catch((error: unknown) => assert.ok(fails, String(error)));
}

/** A list of what happened, with a promise for the moment when it has a length. */
function witness(): {
  readonly seen: string[];
  readonly see: (text: string) => void;
  readonly until: (count: number) => Promise<void>;
} {
  const events = new EventEmitter();
  const seen: string[] = [];
  return {
    seen,
    see: (text) => {
      seen.push(text);
      events.emit('seen');
    },
    until: async (count) => {
      while (seen.length < count) await once(events, 'seen', { signal: AbortSignal.timeout(30_000) });
    },
  };
}

test('workReconcilers() looks at everything that is listed when it starts, and again by its timer', async () => {
  const { seen, see, until } = witness();
  startWorker(async ({ id }) => see(id), { listed: ['a', 'b'], everyMs: 300 });
  await until(5);
  assert.deepEqual(new Set(seen), new Set(['a', 'b']));
});

test('createNudge() wakes the reconciler when the transaction commits, and not when it is undone', async () => {
  const { seen, see, until } = witness();
  const boss = startWorker(async ({ id, workspaceId: workspace }) => see(`${id} ${workspace}`), { listed: ['first'] });
  await until(1);
  const send = createNudge(boss);
  await nudge(send, 'undone', true);
  await nudge(send, 'committed');
  await until(2);
  assert.deepEqual(seen, [`first ${workspaceId}`, `committed ${workspaceId}`]);
});

test('workReconcilers() works on one thing once at a time, though two controls run, and forgets no nudge', async () => {
  const { see, until } = witness();
  let atWork = 0;
  let most = 0;
  const release = new EventEmitter();
  const work: Work = async ({ id }) => {
    atWork += 1;
    most = Math.max(most, atWork);
    see(`${id} begins`);
    if (atWork === 1) await once(release, 'go', { signal: AbortSignal.timeout(10_000) }).catch(() => undefined);
    atWork -= 1;
  };
  const boss = startWorker(work, { listed: ['same'] });
  startWorker(work);
  await until(1);
  const send = createNudge(boss);
  await nudge(send, 'same');
  await nudge(send, 'same');
  // The second nudge is put back until the first look has ended; then it is worked off.
  const again = until(2);
  release.emit('go');
  const goOn = setInterval(() => release.emit('go'), 50);
  await again;
  clearInterval(goOn);
  release.emit('go');
  assert.equal(most, 1);
});

test('workReconcilers() tries again what failed', async () => {
  const { seen, see, until } = witness();
  startWorker(
    async ({ id }) => {
      see(id);
      if (seen.length < 2) throw new Error('not yet');
    },
    { listed: ['a'] },
  );
  await until(2);
  assert.deepEqual(seen, ['a', 'a']);
});

test('workReconcilers() begins when the database answers, and goes on after it was away', async () => {
  const { see, until } = witness();
  await database.postgres.restart(async () => {
    startWorker(async ({ id }) => see(id), { listed: ['a'], everyMs: 300 });
    await new Promise((resolve) => setTimeout(resolve, 300));
  });
  await until(1);
  await database.postgres.restart(async () => undefined);
  await until(3);
});
