import { chown, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { EnvironmentPlace, EnvironmentPlan, MountPlan, WorkloadPlan } from '../driver.ts';
import type { EngineMount } from './container-bodies.ts';
import type { DriverContext } from './context.ts';
import { controlGroupMounts } from './control-groups.ts';
import { shortDigest } from './labels.ts';
import { writeReadableFile } from './readable-by-all.ts';
import { ensureVolume } from './volumes.ts';

/** Makes what a workload mounts and says how the engine mounts it. Run again before each start. */
export async function prepareMounts(
  context: DriverContext,
  { plan, workload }: { readonly plan: EnvironmentPlan; readonly workload: WorkloadPlan },
): Promise<readonly EngineMount[]> {
  const { place } = plan;
  const folder = filesFolder(context, { place, key: workload.key });
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const resolver = workload.network.resolver ? `nameserver ${place.gateway}\n` : '';
  const { memoryBytesMax } = workload.limits;
  const mounts = [...(await systemMounts(folder, { hosts: hostsFile(plan, workload), resolver, memoryBytesMax }))];
  for (const mount of workload.mounts) mounts.push(await prepareMount(context, { place, workload, folder, mount }));
  return mounts;
}

/** Removes a workload's files; its volumes stay. */
export async function removeFiles(
  context: DriverContext,
  options: { readonly place: Pick<EnvironmentPlace, 'environmentId'>; readonly key?: string },
): Promise<void> {
  await rm(filesFolder(context, options), { recursive: true, force: true });
}

async function prepareMount(context: DriverContext, options: MountOptions): Promise<EngineMount> {
  const { mount, place, workload, folder } = options;
  const owner = { uid: place.uidStart + workload.user.uid, gid: place.uidStart + workload.user.gid };
  switch (mount.kind) {
    case 'volume': {
      const source = await ensureVolume(context, { place, name: mount.name, sizeMiB: mount.sizeMiB, owner });
      return { type: 'bind', source, destination: mount.at, options: ['rw', 'nosuid', 'nodev', 'rprivate'] };
    }
    case 'file': {
      const path = join(folder, mount.name);
      await rm(path, { force: true });
      await writeFile(path, mount.content, { mode: 0o400, flag: 'wx' });
      await chown(path, owner.uid, owner.gid);
      return readOnly(path, mount.at);
    }
    case 'tmpfs': {
      const size = `size=${mount.sizeMiB * 1024 * 1024}`;
      return { type: 'tmpfs', destination: mount.at, options: ['rw', 'nosuid', 'nodev', 'mode=1777', size] };
    }
    default:
      return mount satisfies never;
  }
}

type MountOptions = {
  readonly place: EnvironmentPlace;
  readonly workload: WorkloadPlan;
  readonly folder: string;
  readonly mount: MountPlan;
};

/** What every workload sees of the machine: names, its resolver, its limits; nothing of the host's. */
export async function systemMounts(folder: string, system: SystemFiles): Promise<readonly EngineMount[]> {
  const hosts = join(folder, '.hosts');
  const resolv = join(folder, '.resolv');
  await writeReadableFile(hosts, system.hosts);
  await writeReadableFile(resolv, system.resolver);
  const groups = await controlGroupMounts(folder, system.memoryBytesMax);
  return [readOnly(hosts, '/etc/hosts'), readOnly(resolv, '/etc/resolv.conf'), ...groups];
}

type SystemFiles = { readonly hosts: string; readonly resolver: string; readonly memoryBytesMax: number };

/** Without the resolver a workload finds the siblings that it may connect to by this file alone. */
function hostsFile(plan: EnvironmentPlan, workload: WorkloadPlan): string {
  const own = `${workload.address} ${workload.aliases.join(' ')}`.trim();
  const reachable = new Set(workload.network.connect.map(({ address }) => address));
  const siblings = plan.workloads.filter(({ address }) => !workload.network.resolver && reachable.has(address));
  const others = siblings.map(({ address, aliases }) => `${address} ${aliases.join(' ')}`);
  return ['127.0.0.1 localhost', own, ...others].map((line) => `${line}\n`).join('');
}

function readOnly(source: string, destination: string): EngineMount {
  return { type: 'bind', source, destination, options: ['ro', 'nosuid', 'nodev', 'noexec', 'rprivate'] };
}

function filesFolder(
  context: DriverContext,
  options: { readonly place: Pick<EnvironmentPlace, 'environmentId'>; readonly key?: string },
): string {
  const folder = join(context.options.home, 'files', options.place.environmentId);
  return options.key === undefined ? folder : join(folder, shortDigest(options.key));
}
