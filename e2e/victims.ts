import { readdirSync, readFileSync } from 'node:fs';

import { listContainers } from './engine.ts';
import { run } from './instance.ts';

/** What may die at any time. `container` is one of the environment's under test, drawn by the caller's number. */
export const victims = ['control', 'agent', 'edge', 'database', 'supervisor', 'container'] as const;
export type Victim = (typeof victims)[number];

/** Kills it with SIGKILL, by its process id. Gives what was killed; nothing when there is none just now. */
export async function killVictim(
  victim: Victim,
  options: { readonly label: string; readonly draw: number },
): Promise<string> {
  const pids = victim === 'container' ? await containerPids(options.label) : programPids(victim);
  const pid = pids[options.draw % Math.max(pids.length, 1)];
  if (pid === undefined) return `${victim}: none`;
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if (!isGone(error)) throw error;
  }
  return `${victim} (${pid})`;
}

/** The processes of a program of the instance, as the supervisor recorded them. */
export function programPids(victim: Exclude<Victim, 'container'> | 'keeper'): readonly number[] {
  const prefix = victim === 'supervisor' ? 'daemon' : victim;
  return readdirSync(`${run}/pids`)
    .filter((name) => name === `${prefix}.json` || name.startsWith(`${prefix}-`))
    .flatMap((name) => readPid(`${run}/pids/${name}`));
}

function readPid(file: string): readonly number[] {
  const record: unknown = JSON.parse(readFileSync(file, 'utf8'));
  return typeof record === 'object' && record !== null && 'pid' in record && typeof record.pid === 'number'
    ? [record.pid]
    : [];
}

async function containerPids(label: string): Promise<readonly number[]> {
  const containers = await listContainers();
  return containers
    .filter((container) => container.pid > 1 && Object.values(container.labels).some((value) => value.includes(label)))
    .map((container) => container.pid);
}

function isGone(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ESRCH';
}
