import type { ImageDigest } from '@ringfort/contracts/environment-spec.ts';
import type { EnvironmentId } from '@ringfort/contracts/identifiers.ts';
import { z } from 'zod';

import type { DriverContext } from './context.ts';
import { ImageDetail } from './engine-schemas.ts';
import { labels } from './labels.ts';

/** Removes the images that were built for an environment, but for those in `keep`. */
export async function removeImages(
  context: DriverContext,
  { environmentId, keep }: { readonly environmentId: EnvironmentId; readonly keep: readonly ImageDigest[] },
): Promise<void> {
  const filters = JSON.stringify({ label: [`${labels.environment}=${environmentId}`] });
  const images = await context.engine.get(
    { method: 'GET', path: 'images/json', query: { filters } },
    z.array(ImageDetail),
  );
  const kept = new Set<string>(keep);
  for (const { Id } of images)
    if (!kept.has(`sha256:${Id}`))
      await context.engine.act({ method: 'DELETE', path: `images/${Id}`, query: { force: 'false' } }, [404, 409]);
}
