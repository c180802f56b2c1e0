import { api } from '@ringfort/contracts/api/api.ts';
import { Problem } from '@ringfort/contracts/problem.ts';

import { uploadOperation } from '../../operation.ts';
import type { RouteHandler } from '../../route-handler.ts';
import { sourceLimits as limits } from './limits.ts';
import type { SourceBlobs } from './source-blobs.ts';
import { lockSource, sumSourceBytes, upsertSource } from './store.ts';

/** Stores a source archive by its content. Nothing of it is opened: that is for the build workload alone. */
export function uploadSource(blobs: SourceBlobs): RouteHandler<typeof api.uploadSource> {
  return uploadOperation(api.uploadSource, {
    prepare: async ({ workspaceId, bytes, newId, read }) => {
      const keptBytes = await read(sumSourceBytes);
      if (keptBytes >= limits.workspaceBytesMax) throw tooMuch();
      return blobs.receive(workspaceId, bytes, newId());
    },
    run: async ({ tx, workspaceId, clock, prepared }) => {
      const { digest, sizeBytes } = prepared;
      await lockSource(tx, workspaceId, digest);
      await upsertSource(tx, { workspaceId, digest, sizeBytes, atMs: clock.nowMs() });
      await blobs.keep(workspaceId, prepared);
      return { subject: digest, after: { sizeBytes }, answer: { sourceDigest: digest, sizeBytes } };
    },
  });
}

function tooMuch(): Problem {
  const limitGiB = limits.workspaceBytesMax / 1024 ** 3;
  const detail = `The workspace keeps ${limitGiB} GiB of source archives. Unused ones are removed after 7 days; try again then.`;
  return new Problem('state-conflict', detail);
}
