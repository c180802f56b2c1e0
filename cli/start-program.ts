import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

import type { CommandContext } from './command.ts';
import { instanceName } from './config.ts';
import { exitCodes, Failure } from './failure.ts';

/**
 * Runs another program of this repository in the foreground, for the instance that is meant, and gives its exit code. It gets the user's
 * interruption itself, being in the same process group; here it is waited for.
 */
export async function startProgram(context: CommandContext, words: readonly [string, ...string[]]): Promise<number> {
  const [path, ...rest] = words;
  const { surroundings, globals } = context;
  const variables = { ...surroundings.variables, RINGFORT_INSTANCE: instanceName(surroundings, globals.instance) };
  const program = fileURLToPath(new URL(`../${path}`, import.meta.url));
  const child = spawn(process.execPath, [program, ...rest, ...(globals.json ? ['--json'] : [])], {
    stdio: 'inherit',
    env: variables,
  });
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  child.once('error', (error) => reject(new Failure(`${path} cannot be started.`, { cause: error })));
  child.once('exit', (code) => resolve(code ?? exitCodes.interrupted));
  return promise;
}
