import type { Database } from '../../db/database.ts';
import type { Reconciler } from '../../jobs/reconciler.ts';
import { listWorkspaceIds } from '../environment-specs/store.ts';
import { sourceLimits as limits } from './limits.ts';
import type { SourceBlobs } from './source-blobs.ts';
import { sweepSources } from './sweep-sources.ts';
import type { SweepOptions } from './sweep-sources.ts';
import { uploadSource } from './upload-source.ts';

export { createSourceBlobs } from './source-blobs.ts';

/** The handlers of source archives. */
export function sourceHandlers(blobs: SourceBlobs) {
  return { uploadSource: uploadSource(blobs) };
}

/** Removes archives that nothing needs any more, workspace by workspace. */
export function sourceReconciler(options: SweepOptions): Reconciler {
  const list = async (database: Database): ReturnType<Reconciler['list']> =>
    (await listWorkspaceIds(database)).map((workspaceId) => ({ workspaceId, id: workspaceId }));
  return {
    queue: 'sources',
    everyMs: limits.sweepEveryMs,
    atOnceMax: 1,
    list: () => list(options.database),
    reconcile: ({ workspaceId }) => sweepSources(workspaceId, options),
  };
}
