import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { api } from '@ringfort/contracts/api/api.ts';
import { systemClock } from '@ringfort/kit/clock.ts';
import { createLog } from '@ringfort/kit/log.ts';
import { uuidv7 } from '@ringfort/kit/uuid.ts';

import { createAgentClient } from '../../agent-client.ts';
import { openDatabase } from '../../db/database.ts';
import type { TestDatabase } from '../../db/test-database.ts';
import { issueAdministratorToken } from '../../setup/issue-administrator-token.ts';
import { watchNewestSnapshot } from '../edge-snapshots/newest-snapshot.ts';
import type { LoadedSnapshot } from '../edge-snapshots/newest-snapshot.ts';
import { saveEdge } from '../edge-snapshots/store.ts';
import { createSourceBlobs } from '../sources/index.ts';
import type { SourceBlobs } from '../sources/source-blobs.ts';
import { startAgentStandIn } from './agent-stand-in.ts';
import type { AgentStandIn } from './agent-stand-in.ts';
import type { RoundResult } from './run-round.ts';
import { startTestControl } from './test-control.ts';
import type { TestControl } from './test-control.ts';
import { createCallHandler, testAppsDomain as appsDomain } from './test-handlers.ts';
import type { TestCall } from './test-handlers.ts';

/**
 * Control without a network: handlers are called, rounds are run by hand, and time can be moved on. The agent is a stand-in behind a
 * real socket; edges acknowledge when the test says so.
 */
export type TestPlatform = {
  readonly agent: AgentStandIn;
  readonly blobs: SourceBlobs;
  readonly clock: { readonly nowMs: () => number; readonly advance: (ms: number) => void };
  readonly call: (name: keyof typeof api, call?: TestCall) => Promise<unknown>;
  readonly stream: (name: keyof typeof api, call?: TestCall) => Promise<unknown[]>;
  /** One round, then every build that is followed has ended. */
  readonly round: () => Promise<RoundResult>;
  /** Every edge of the test says that it serves the newest snapshot. */
  readonly acknowledge: () => Promise<void>;
  /** Every edge of the test asks, and goes on serving what it serves. */
  readonly seeEdges: () => Promise<void>;
  /** Forgets everything that is not in the database, like a control that was killed. */
  readonly restart: () => Promise<void>;
  /** A second control over the same database, agent and archives. */
  readonly startOther: () => TestControl;
  readonly newest: () => Promise<LoadedSnapshot | undefined>;
  readonly close: () => Promise<void>;
};

/** Starts one on a fresh database, with the workspace `main` and its administrator. */
export async function startTestPlatform(database: TestDatabase): Promise<TestPlatform> {
  const folder = await mkdtemp(join(tmpdir(), 'ringfort-platform-'));
  const agent = await startAgentStandIn(join(folder, 'agent.sock'));
  const client = createAgentClient({ socketPath: agent.socketPath });
  const blobs = createSourceBlobs({ folder: join(folder, 'blobs') });
  const clock = createMovableClock();
  const newId = (): string => uuidv7(clock.nowMs());
  const log = createLog({ program: 'control', clock, write: () => undefined });
  const parts = { agent: client, blobs, clock, log, newId, appsDomain };
  const token = await issueToken(database, newId);
  const callHandler = createCallHandler({ ...parts, database: database.runtime, token });
  const newest = watchNewestSnapshot(database.reconciler);
  const start = (): TestControl => startTestControl({ ...parts, database: database.reconciler });
  let control = start();
  const tell = async (seen: { readonly ackedVersion?: number }): Promise<void> => {
    for (const edgeId of ['edge-0', 'edge-1'])
      await saveEdge(database.reconciler, { edgeId, atMs: clock.nowMs(), ...seen });
  };
  return {
    agent,
    blobs,
    clock,
    call: async (name, call) => {
      const answer = await callHandler(name, call);
      return 'body' in answer ? answer.body : undefined;
    },
    stream: async (name, call) => {
      const answer = await callHandler(name, call);
      const items: unknown[] = [];
      if ('lines' in answer) for await (const item of answer.lines) items.push(item);
      return items;
    },
    round: () => control.round(),
    acknowledge: async () => tell({ ackedVersion: (await newest.refresh())?.version ?? 0 }),
    seeEdges: () => tell({}),
    restart: async () => {
      await control.close();
      control = start();
    },
    startOther: start,
    newest: newest.refresh,
    close: async () => {
      await control.close();
      await client.close();
      await agent.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function createMovableClock(): TestPlatform['clock'] {
  let offsetMs = 0;
  return { nowMs: () => systemClock.nowMs() + offsetMs, advance: (ms) => void (offsetMs += ms) };
}

async function issueToken(database: TestDatabase, newId: () => string): Promise<string> {
  const options = { connectionString: database.connectionString('owner'), role: 'ringfort_owner' } as const;
  const owner = openDatabase({ ...options, applicationName: 'test', onError: () => undefined });
  const token = await issueAdministratorToken(owner, { random: randomBytes, newId, nowMs: systemClock.nowMs() });
  await owner.close();
  return token;
}
