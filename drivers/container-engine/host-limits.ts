import { readFile } from 'node:fs/promises';

/** The hard limits of this process for open files and processes; a container cannot be given more without CAP_SYS_RESOURCE. */
export async function readHardLimits(): Promise<{ readonly openFiles: number; readonly processes: number }> {
  const text = await readFile('/proc/self/limits', 'utf8');
  return { openFiles: hardLimit(text, 'Max open files'), processes: hardLimit(text, 'Max processes') };
}

function hardLimit(text: string, name: string): number {
  const line = text.split('\n').find((candidate) => candidate.startsWith(name)) ?? '';
  const hard = line.slice(name.length).trim().split(/\s+/)[1] ?? '';
  if (hard === 'unlimited') return Number.MAX_SAFE_INTEGER;
  const value = Number(hard);
  if (!Number.isSafeInteger(value)) throw new Error(`/proc/self/limits has no number for “${name}”`);
  return value;
}
