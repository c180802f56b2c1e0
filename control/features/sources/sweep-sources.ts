import type { WorkspaceId } from '@ringfort/contracts/identifiers.ts';
import type { Clock } from '@ringfort/kit/clock.ts';

import type { Database } from '../../db/database.ts';
import { inWorkspace } from '../../db/transaction.ts';
import { sourceLimits as limits } from './limits.ts';
import type { SourceBlobs } from './source-blobs.ts';
import { hasSource, listUnusedSources, lockSource, upsertSourceRemoval } from './store.ts';

/** Removes a workspace's archives that nothing needs after seven days, and what interrupted uploads left. May be cut off anywhere. */
export async function sweepSources(workspaceId: WorkspaceId, options: SweepOptions): Promise<void> {
  const { database, blobs, clock } = options;
  const unusedBeforeMs = clock.nowMs() - limits.unusedMsMax;
  const unused = await inWorkspace(database, { workspaceId, readOnly: true }, (tx) =>
    listUnusedSources(tx, unusedBeforeMs),
  );
  for (const digest of unused)
    await inWorkspace(database, { workspaceId }, async (tx) => {
      await lockSource(tx, workspaceId, digest);
      // It may have been stored again, or deployed, since the list was made.
      if (!(await listUnusedSources(tx, unusedBeforeMs)).includes(digest)) return;
      await upsertSourceRemoval(tx, { workspaceId, digest, atMs: clock.nowMs() });
      await blobs.remove(workspaceId, digest);
    });
  for (const { name, changedAtMs } of await blobs.list(workspaceId)) {
    const ageMs = clock.nowMs() - changedAtMs;
    if (ageMs < (name.endsWith('.part') ? limits.partMsMax : limits.unusedMsMax)) continue;
    await inWorkspace(database, { workspaceId }, async (tx) => {
      await lockSource(tx, workspaceId, name);
      if (!(await hasSource(tx, name))) await blobs.remove(workspaceId, name);
    });
  }
}

export type SweepOptions = {
  /** As the reconcilers' role. */
  readonly database: Database;
  readonly blobs: SourceBlobs;
  readonly clock: Clock;
};
