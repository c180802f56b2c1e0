import { readdirSync, readFileSync } from 'node:fs';

import { z } from 'zod';

import { listContainers } from './engine.ts';
import { run } from './instance.ts';

/** What may die at any time. `container` is one of the environment's under test, drawn by the caller's number. */
export const victims = ['control', 'agent', 'edge', 'database', 'supervisor', 'container'] as const;
const Record = z.object({ identity: z.object({ pid: z.number().int() }) });
export type Victim = (typeof victims)[number];

/** Kills it with SIGKILL, by its process id. Gives what was killed; nothing when there is none just now. */
export async function killVictim(
  victim: Victim,
  options: { readonly environmentId: string; readonly draw: number },
): Promise<string> {
  const pids = victim === 'container' ? await containerPids(options.environmentId) : programPids(victim);
  const pid = pids[options.draw % Math.max(pids.length, 1)];
  if (pid === undefined) return `${victim}: none`;
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if (!isCode(error, 'ESRCH')) throw error;
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
  try {
    return [Record.parse(JSON.parse(readFileSync(file, 'utf8'))).identity.pid];
  } catch (error) {
    // It is being written anew, because the program was killed a moment ago.
    if (isCode(error, 'ENOENT')) return [];
    throw error;
  }
}

async function containerPids(environmentId: string): Promise<readonly number[]> {
  const containers = await listContainers();
  return containers
    .filter(({ pid, labels }) => pid > 1 && labels['ringfort.environment'] === environmentId && isWorkload(labels))
    .map((container) => container.pid);
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}

/** A build that is killed has failed; what runs has to come back. */
function isWorkload(labels: Readonly<Record<string, string>>): boolean {
  return labels['ringfort.role'] === 'main' || labels['ringfort.role'] === 'pause';
}
