import { Problem } from '@ringfort/contracts/problem.ts';

import type { EnvironmentPlan } from '../driver.ts';
import type { DriverContext } from './context.ts';
import { ImageDetail } from './engine-schemas.ts';
import { labels } from './labels.ts';

/**
 * Refuses a plan with an image that is not the environment's. Images by digest must be built for it; another environment's is not
 * found. Images by name are the platform's own and belong to none.
 */
export async function checkImages(context: DriverContext, plan: EnvironmentPlan): Promise<void> {
  const images = new Set(plan.workloads.map(({ image }) => image));
  for (const image of images) {
    const path = `images/${encodeURIComponent(image)}/json`;
    const found = await context.engine.find({ method: 'GET', path }, ImageDetail);
    const owner = found?.Labels[labels.environment];
    const expected = image.startsWith('sha256:') ? plan.place.environmentId : undefined;
    if (found === undefined || owner !== expected)
      throw new Problem('not-found', `There is no image “${image}” for environment “${plan.place.environmentId}”.`);
  }
}
