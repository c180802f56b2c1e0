import { readdir, readlink } from 'node:fs/promises';

import { endProcess } from './end-process.ts';
import { findIdentity, type ProcessIdentity } from './process-identity.ts';

/** Ends every process whose program file lies below the folder: what programs have started and did not live to end. */
export async function endLeftovers(folder: string, graceMs: number): Promise<void> {
  const found: ProcessIdentity[] = [];
  for (const entry of await readdir('/proc')) {
    if (!/^\d+$/.test(entry) || !(await programOf(entry)).startsWith(`${folder}/`)) continue;
    const identity = await findIdentity(Number(entry));
    if (identity !== undefined && identity.pid !== process.pid) found.push(identity);
  }
  await Promise.all(found.map((identity) => endProcess(identity, { signal: 'SIGTERM', graceMs })));
}

/** Empty for processes of the kernel, of others, and such that ended in the meantime. */
async function programOf(pid: string): Promise<string> {
  try {
    return await readlink(`/proc/${pid}/exe`);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT' || code === 'EACCES' || code === 'ESRCH') return '';
    throw error;
  }
}
