import { AssertionError } from 'node:assert';

import { fromKysely, type PgBoss } from 'pg-boss';

import { WorkspaceId } from '@ringfort/contracts/identifiers.ts';
import { Problem } from '@ringfort/contracts/problem.ts';

import type { Transaction } from '../db/transaction.ts';
import type { QueueName } from './queues.ts';

/**
 * Wakes the reconciler of a queue for one thing when the transaction commits. A nudge that is waiting already stays the only one. It
 * carries ids alone; the reconciler reads everything else from the database.
 */
export type Nudge = (tx: Transaction, queue: QueueName, target: NudgeTarget) => Promise<void>;
export type NudgeTarget = { readonly workspaceId: WorkspaceId; readonly id: string };

/** Stands in a nudge for what belongs to no workspace. There is none with this id. */
export const noWorkspace = WorkspaceId.parse('00000000-0000-0000-0000-000000000000');

/** Nudges through pg-boss, inside the caller's transaction. */
export function createNudge(boss: PgBoss): Nudge {
  return async (tx, queue, target) => {
    const data = { workspaceId: target.workspaceId, id: target.id };
    await boss.send(queue, data, { singletonKey: target.id, db: fromKysely(tx) }).catch(translateNotStarted);
  };
}

/** pg-boss asserts that it was started; it is not yet when the database was away as this program started. */
function translateNotStarted(error: unknown): never {
  if (!(error instanceof AssertionError)) throw error;
  throw new Problem('database-unavailable', 'The database has only just come back. Try again in a second.', {
    cause: error,
  });
}
