import { spawn } from 'node:child_process';
import type { Readable } from 'node:stream';

import { driverLimits as limits } from '../limits.ts';

/** How a program ended. `code` is null when it was killed; output past the bound is cut off. */
export type ProgramResult = { readonly code: number | null; readonly stdout: string; readonly stderr: string };

export type ProgramOptions = {
  readonly input?: string;
  /** A file descriptor that the program sees as number 3. */
  readonly descriptor?: number;
  readonly timeoutMs?: number;
  readonly outputBytesMax?: number;
  readonly env?: Readonly<Record<string, string>>;
};

/**
 * Runs one of the host's programs to its end, with an argument array and an environment of its own. It resolves for any exit code
 * and kills the program at the deadline; it rejects when the program cannot be started.
 */
export function runProgram(
  command: readonly [string, ...string[]],
  options: ProgramOptions = {},
): Promise<ProgramResult> {
  const [file, ...args] = command;
  const child = spawn(file, args, {
    stdio: ['pipe', 'pipe', 'pipe', options.descriptor ?? 'ignore'],
    env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C', ...options.env },
    timeout: options.timeoutMs ?? limits.programTimeoutMs,
    killSignal: 'SIGKILL',
  });
  const bytesMax = options.outputBytesMax ?? limits.programOutputBytesMax;
  if (child.stdin === null || child.stdout === null || child.stderr === null) throw new Error('The pipes are missing');
  const stdout = readBounded(child.stdout, bytesMax);
  const stderr = readBounded(child.stderr, bytesMax);
  // A program that ends before it reads its input is judged by its exit code, not by the broken pipe.
  child.stdin.on('error', () => undefined);
  child.stdin.end(options.input ?? '');
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, stdout: stdout(), stderr: stderr() }));
  });
}

/** Like `runProgram`, but an exit code other than 0 is an error that carries what the program said. */
export async function mustRun(command: readonly [string, ...string[]], options: ProgramOptions = {}): Promise<string> {
  const result = await runProgram(command, options);
  if (result.code === 0) return result.stdout;
  const said = result.stderr.trim().slice(0, limits.messageCharactersMax);
  throw new Error(`${command[0]} ended with ${result.code ?? 'a signal'}: ${said}`);
}

function readBounded(stream: Readable, bytesMax: number): () => string {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  stream.on('data', (chunk: Buffer) => {
    if (sizeBytes < bytesMax) chunks.push(chunk.subarray(0, bytesMax - sizeBytes));
    sizeBytes += chunk.length;
  });
  return () => Buffer.concat(chunks).toString('utf8');
}
