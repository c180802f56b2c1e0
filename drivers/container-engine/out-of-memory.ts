import { readFile } from 'node:fs/promises';

import type { ContainerDetail } from './engine-schemas.ts';

/**
 * Whether a container that has ended lost a process to its memory limit. The engine does not learn of it everywhere (control groups
 * version 1), but the group stays until the container is started again or removed, with the kernel's own count.
 */
export async function ranOutOfMemory({ Id, State }: ContainerDetail): Promise<boolean> {
  if (State.OOMKilled) return true;
  const group = `libpod_parent/libpod-${Id}`;
  const files = [`/sys/fs/cgroup/memory/${group}/memory.oom_control`, `/sys/fs/cgroup/${group}/memory.events`];
  const texts = await Promise.all(files.map((file) => readFile(file, 'utf8').catch(() => '')));
  return texts.some((text) => /^oom_kill [1-9]/m.test(text));
}
