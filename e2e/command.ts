import { spawn } from 'node:child_process';
import { join } from 'node:path';

import { instance } from './instance.ts';

export const repository = join(import.meta.dirname, '..');

export type CommandResult = { readonly code: number | null; readonly stdout: string; readonly stderr: string };

/** Runs `./ringfort <arguments>` on the tests' instance, as a user would, and waits for its end. */
export function ringfort(...commandArguments: readonly string[]): Promise<CommandResult> {
  return runCommand(join(repository, 'ringfort'), commandArguments);
}

function runCommand(file: string, commandArguments: readonly string[]): Promise<CommandResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(file, commandArguments, {
      cwd: repository,
      env: { ...process.env, RINGFORT_INSTANCE: instance, NO_COLOR: '1' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
}

/** Like `ringfort`, for what has to succeed: its output is in the error otherwise. */
export async function mustRingfort(...commandArguments: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await ringfort(...commandArguments);
  if (code !== 0) throw new Error(`ringfort ${commandArguments.join(' ')} ended with ${code}\n${stdout}\n${stderr}`);
  return stdout;
}
