import { generateKeyPairSync } from 'node:crypto';

import type { Hostname } from '@ringfort/contracts/names.ts';
import type { Log } from '@ringfort/kit/log.ts';

import type { AgentClient } from '../../agent-client.ts';
import type { Database } from '../../db/database.ts';
import { watchNewestSnapshot } from '../edge-snapshots/newest-snapshot.ts';
import type { SourceBlobs } from '../sources/source-blobs.ts';
import { createAgentMemory } from './agent-memory.ts';
import { createBuildFollowers } from './follow-builds.ts';
import { runRound } from './run-round.ts';
import type { RoundResult } from './run-round.ts';

/** The reconciling half of a control whose rounds a test runs by hand. It knows nothing that is not in the database. */
export type TestControl = { readonly round: () => Promise<RoundResult>; readonly close: () => Promise<void> };

export type TestControlParts = {
  readonly database: Database;
  readonly agent: AgentClient;
  readonly blobs: SourceBlobs;
  readonly clock: { readonly nowMs: () => number };
  readonly log: Log;
  readonly newId: () => string;
  readonly appsDomain: Hostname;
};

const { privateKey: key } = generateKeyPairSync('ed25519');

/** One that has just begun. A round ends when every build that it follows has ended. */
export function startTestControl(parts: TestControlParts): TestControl {
  const builds = createBuildFollowers({ ...parts, onResult: () => undefined });
  const memory = createAgentMemory();
  const newest = watchNewestSnapshot(parts.database);
  const sinceMs = parts.clock.nowMs();
  return {
    round: async () => {
      memory.publishedAtMs = 0;
      const result = await runRound({ ...parts, builds, memory, newest, key, sinceMs });
      await builds.settled();
      return result;
    },
    close: () => builds.close(),
  };
}
