import { chmod, chown, mkdir, readdir, rmdir } from 'node:fs/promises';
import { join } from 'node:path';

import type { EnvironmentPlace } from '../driver.ts';
import type { DriverContext } from './context.ts';
import { ensureDiskImage, removeDiskImage } from './disk-image.ts';

/** The folder to mount for a volume, which it makes: a file system of its own size, owned by the workload's user. */
export async function ensureVolume(context: DriverContext, options: VolumeOptions): Promise<string> {
  const folder = volumesFolder(context, options.place);
  const mountPoint = join(folder, options.name);
  await ensureDiskImage({ image: `${mountPoint}.img`, mountPoint, sizeBytes: options.sizeMiB * 1024 * 1024 });
  await chmod(mountPoint, 0o711);
  // A folder in it, not its root: that one holds `lost+found`, and a volume that is not mounted has none.
  const data = join(mountPoint, 'data');
  await mkdir(data, { recursive: true, mode: 0o750 });
  await chown(data, options.owner.uid, options.owner.gid);
  return data;
}

/** Removes the environment's volumes but for those named. Their containers must be gone. */
export async function removeVolumes(context: DriverContext, options: RemoveVolumesOptions): Promise<void> {
  const folder = volumesFolder(context, options.place);
  const files = await readdir(folder).catch(() => []);
  const names = new Set(files.map((file) => file.replace(/\.img(?:\.new)?$/, '')));
  for (const name of names) {
    if (options.keep.includes(name)) continue;
    await removeDiskImage({ image: join(folder, `${name}.img`), mountPoint: join(folder, name) });
  }
  if (options.keep.length === 0 && files.length > 0) await rmdir(folder);
}

export type VolumeOptions = {
  readonly place: EnvironmentPlace;
  readonly name: string;
  readonly sizeMiB: number;
  readonly owner: { readonly uid: number; readonly gid: number };
};

export type RemoveVolumesOptions = {
  readonly place: Pick<EnvironmentPlace, 'environmentId'>;
  readonly keep: readonly string[];
};

function volumesFolder(context: DriverContext, place: Pick<EnvironmentPlace, 'environmentId'>): string {
  return join(context.options.home, 'volumes', place.environmentId);
}
