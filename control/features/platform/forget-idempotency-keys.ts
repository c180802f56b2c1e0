import type { Database } from '../../db/database.ts';
import { deleteExpiredKeys } from '../../db/idempotency-keys.ts';
import { noWorkspace } from '../../jobs/nudge.ts';
import type { Reconciler } from '../../jobs/reconciler.ts';

/** Forgets the answers of requests with an `Idempotency-Key` after 24 hours. `database` is open as the reconcilers' role. */
export function forgetIdempotencyKeys(database: Database): Reconciler {
  return {
    queue: 'housekeeping',
    everyMs: 10 * 60_000,
    atOnceMax: 1,
    list: async () => [{ workspaceId: noWorkspace, id: 'idempotency-keys' }],
    reconcile: () => deleteExpiredKeys(database),
  };
}
