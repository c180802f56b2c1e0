import { access } from 'node:fs/promises';
import { join } from 'node:path';

import type { EngineMount } from './container-bodies.ts';
import { makeReadableFolder, writeReadableFile } from './readable-by-all.ts';

/**
 * What a workload sees of control groups. With version 1 a user namespace gets the host's whole tree, which names all neighbours and
 * does not show the own limits where programs look for them; so a folder with the memory limit takes its place. Version 2 shows each
 * container its own part.
 */
export async function controlGroupMounts(folder: string, memoryBytesMax: number): Promise<readonly EngineMount[]> {
  const isVersion1 = await access('/sys/fs/cgroup/memory').then(
    () => true,
    () => false,
  );
  if (!isVersion1) return [];
  const source = join(folder, '.cgroup');
  await makeReadableFolder(source);
  await makeReadableFolder(join(source, 'memory'));
  for (const name of ['memory.limit_in_bytes', 'memory.soft_limit_in_bytes'])
    await writeReadableFile(join(source, 'memory', name), `${memoryBytesMax}\n`);
  const options = ['ro', 'nosuid', 'nodev', 'noexec', 'rprivate'];
  return [{ type: 'bind', source, destination: '/sys/fs/cgroup', options }];
}
