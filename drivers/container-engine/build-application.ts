import { Problem } from '@ringfort/contracts/problem.ts';

import type { BuildOptions, BuildPlan, BuildResult } from '../driver.ts';
import { checkLayer, stageSource } from './build-archives.ts';
import { makeImage } from './build-image.ts';
import { prepareSite, removeSite } from './build-site.ts';
import { packStep, runStep, unpackStep } from './build-steps.ts';
import type { DriverContext } from './context.ts';
import { containerName } from './labels.ts';

/**
 * Builds an application with exactly the rights that an application has: unpacking, the tenant's command and packing each run as a
 * container of the application's user behind a read-only root, without capabilities, in namespaces whose rules let them reach the
 * build proxy alone, on a disk of fixed size. What comes out is checked again before it becomes an image.
 */
export async function buildApplication(
  context: DriverContext,
  plan: BuildPlan,
  options: BuildOptions,
): Promise<BuildResult> {
  const { onLine } = options;
  const signal = AbortSignal.any([options.signal, AbortSignal.timeout(plan.timeoutMs)]);
  try {
    const site = await prepareSite(context, plan);
    await stageSource(site, options.source);
    await runStep(context, { site, signal, onLine, ...unpackStep });
    if (plan.command !== undefined) {
      const command = ['/bin/sh', '-c', plan.command];
      await runStep(context, { site, signal, onLine, name: 'command', command, mounts: [] });
    }
    await runStep(context, { site, signal, onLine, ...packStep });
    const { unpackedBytes } = await checkLayer(site);
    const name = containerName({ environmentId: plan.place.environmentId, key: site.key, role: 'build' });
    return await makeImage(context, { plan, name, layerPath: site.layer, sizeBytes: unpackedBytes });
  } catch (error) {
    if (options.signal.aborted || !signal.aborted) throw error;
    const minutes = Math.round(plan.timeoutMs / 60_000);
    throw new Problem('build-failed', `The build of “${plan.component}” did not end within ${minutes} minutes.`, {
      cause: error,
    });
  } finally {
    await removeSite(context, plan);
  }
}
