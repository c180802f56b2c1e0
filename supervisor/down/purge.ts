import { readFile, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

import { releaseInstance } from '../instance/claim-instance.ts';
import type { InstancePaths } from '../instance/instance-paths.ts';
import { removeAccounts } from '../machine/accounts.ts';
import { listMountsBelow } from './unmount-below.ts';

/** Removes all data of a stopped instance, its users and its entry in the registry. The images' cache belongs to all instances and stays. */
export async function purge(instance: string, paths: InstancePaths): Promise<void> {
  const mounted = listMountsBelow(await readFile('/proc/self/mounts', 'utf8'), [paths.home, paths.run]);
  if (mounted.length > 0) throw new Error(`Something is still mounted: ${mounted.join(', ')}`);
  await rm(paths.home, { recursive: true, force: true });
  await rm(paths.run, { recursive: true, force: true });
  if (process.getuid?.() === 0) await removeAccounts(instance);
  await releaseInstance(instance, dirname(paths.home));
}
