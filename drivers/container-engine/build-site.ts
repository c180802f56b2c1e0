import { chmod, chown, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { BuildPlan } from '../driver.ts';
import { buildDisk, buildFolder, removeBuildFiles } from './build-files.ts';
import { applicationUser } from './build-image.ts';
import { pauseBody } from './container-bodies.ts';
import { createContainer, findContainer, removeContainer, startContainer } from './containers.ts';
import type { DriverContext } from './context.ts';
import { ensureDiskImage } from './disk-image.ts';
import { ensureRules } from './ensure-rules.ts';
import { ensureNetwork } from './environment-network.ts';
import { containerName, labels, type Role } from './labels.ts';
import { workloadRules } from './workload-rules.ts';
import { findNamespace } from './workload-state.ts';

/** The name of a build among the environment's builds, for files and for what runs now. */
export function buildName(plan: Pick<BuildPlan, 'buildId' | 'component'>): string {
  return `${plan.buildId}-${plan.component}`;
}

/** All that a build has on the host while it runs. */
export type BuildSite = {
  readonly plan: BuildPlan;
  readonly key: string;
  readonly pauseId: string;
  readonly folder: string;
  readonly disk: string;
  /** Checked source, raw result and checked result, as tar archives. */
  readonly source: string;
  readonly packed: string;
  readonly layer: string;
};

/** Makes a build's place: what an earlier try left is taken away, then disk, namespaces and rules are made. */
export async function prepareSite(context: DriverContext, plan: BuildPlan): Promise<BuildSite> {
  const { place } = plan;
  const key = buildKey(plan);
  const named = { environmentId: place.environmentId, key };
  const name = buildName(plan);
  await removeSite(context, plan);
  const network = await ensureNetwork(context, place);
  const folder = buildFolder(context, { environmentId: place.environmentId, name });
  const { image, mountPoint } = buildDisk(folder);
  await ensureDiskImage({ image, mountPoint, sizeBytes: plan.diskBytesMax });
  await chmod(mountPoint, 0o711);
  const owner = place.uidStart + applicationUser.uid;
  for (const part of ['app', 'home', 'tmp']) {
    await mkdir(join(mountPoint, part), { mode: 0o755 });
    await chown(join(mountPoint, part), owner, owner);
  }
  const packed = join(folder, 'packed.tar');
  await writeFile(packed, '', { mode: 0o600 });
  await chown(packed, owner, owner);
  const pauseId = await createContainer(
    context,
    pauseBody(context, {
      name: containerName({ ...named, role: 'build-pause' }),
      image: context.options.pauseImage,
      command: ['sleep', 'infinity'],
      labels: siteLabels(context, { plan, key, role: 'build-pause' }),
      place,
      network,
      address: plan.address,
      aliases: [],
    }),
  );
  await startContainer(context, pauseId);
  const namespace = await findNamespace(context, pauseId);
  if (namespace === undefined) throw new Error(`Build ${name} lost its namespaces`);
  const security = { accept: [], connect: [plan.proxy], egress: 'none', resolver: false } as const;
  await ensureRules(context, { pauseId, namespace, rules: workloadRules(security, place.gateway) });
  await context.hostRules.admitBuilder(plan.address);
  const files = { source: join(folder, 'source.tar'), packed, layer: join(folder, 'layer.tar') };
  return { plan, key, pauseId, folder, disk: mountPoint, ...files };
}

/** Takes all of a build's place away; each part may be missing. */
export async function removeSite(context: DriverContext, plan: BuildPlan): Promise<void> {
  const { environmentId } = plan.place;
  const named = { environmentId, key: buildKey(plan) };
  await removeContainer(context, containerName({ ...named, role: 'build' }));
  const pause = await findContainer(context, containerName({ ...named, role: 'build-pause' }));
  if (pause !== undefined) {
    await removeContainer(context, pause.Id);
    await context.rules.remove(pause.Id);
  }
  await context.hostRules.dismissBuilder(plan.address);
  await removeBuildFiles(context, environmentId, buildName(plan));
}

function buildKey({ buildId, component }: BuildPlan): string {
  return `build/${buildId}/${component}`;
}

/** The labels of a container of the build. */
export function siteLabels(
  context: DriverContext,
  { plan, key, role }: { readonly plan: BuildPlan; readonly key: string; readonly role: Role },
): Readonly<Record<string, string>> {
  return {
    [labels.instance]: context.options.instance,
    [labels.environment]: plan.place.environmentId,
    [labels.throwaway]: String(plan.place.throwaway),
    [labels.role]: role,
    [labels.key]: key,
    [labels.build]: buildName(plan),
  };
}
