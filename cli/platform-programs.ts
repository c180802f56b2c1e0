import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { z } from 'zod';

import { parseJson } from './api-connection.ts';
import type { CommandContext } from './command.ts';
import { instanceName, isRemote } from './config.ts';
import { safeLine } from './escape-output.ts';
import { limits } from './limits.ts';
import { table } from './table.ts';

/** What the supervisor of this machine's instance tells of the programs that it keeps running. */
const ProgramStates = z.object({
  programs: z.array(z.object({ name: z.string(), state: z.string(), restarts: z.number().int() })),
});
export type ProgramStates = z.infer<typeof ProgramStates>;

/**
 * Asks the supervisor, which answers the machine's administrator alone. Undefined for anybody else, for a platform elsewhere, and
 * while no supervisor runs.
 */
export async function readPrograms({ globals, surroundings }: CommandContext): Promise<ProgramStates | undefined> {
  if (isRemote(surroundings, globals.instance) || process.getuid?.() !== 0) return undefined;
  const instance = instanceName(surroundings, globals.instance);
  const supervisor = fileURLToPath(new URL('../supervisor/main.ts', import.meta.url));
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [supervisor, 'status', '--json'], {
      env: { ...surroundings.variables, RINGFORT_INSTANCE: instance },
      timeout: limits.programStatusTimeoutMs,
      maxBuffer: limits.programStatusBytesMax,
    });
    return ProgramStates.safeParse(parseJson(stdout)).data;
  } catch {
    // The supervisor being away is not what the user asked about; that the platform does not answer is said by the client.
    return undefined;
  }
}

/** One line for each program. */
export function printPrograms({ terminal }: CommandContext, states: ProgramStates | undefined): void {
  if (states === undefined) return;
  const rows = states.programs.map(({ name, state, restarts }) => [
    `  ${safeLine(name)}`,
    terminal.paint(state === 'running' || state === 'ready' ? 'green' : 'red', safeLine(state)),
    restarts === 0 ? '' : `${restarts} restart${restarts === 1 ? '' : 's'}`,
  ]);
  terminal.print('Programs');
  for (const line of table(['', '', ''], rows).slice(1)) terminal.print(line);
}
