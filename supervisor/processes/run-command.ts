import { spawn } from 'node:child_process';

import { supervisorLimits as limits } from '../limits.ts';

/**
 * Runs a program to its end and gives what it wrote to standard output. `onLine` sees the lines of both outputs as they come. Rejects
 * with a `CommandFailure` when it ends with another code than 0, by a signal, or after `timeoutMs` (then it is killed).
 */
export function runCommand(command: readonly string[], options: CommandOptions = {}): Promise<string> {
  const [program = '', ...rest] = command;
  const timeoutMs = options.timeoutMs ?? limits.commandTimeoutMs;
  const child = spawn(program, rest, {
    cwd: options.cwd ?? '/',
    stdio: ['pipe', 'pipe', 'pipe'],
    timeout: timeoutMs,
    killSignal: 'SIGKILL',
    ...(options.env === undefined ? {} : { env: options.env }),
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  });
  const stdout = collect(child.stdout, options.onLine);
  const stderr = collect(child.stderr, options.onLine);
  // A program that ends without reading its input closes the pipe: its exit code tells, not the pipe.
  child.stdin.on('error', () => undefined);
  child.stdin.end(options.input ?? '');
  return new Promise((resolve, reject) => {
    child.on('error', (error) => reject(new CommandFailure({ program, ended: error.message, output: '' })));
    child.on('close', (code, signal) => {
      if (code === 0) return resolve(stdout());
      const ended =
        code === null ? `was ended by ${signal ?? 'a signal'} (limit ${timeoutMs} ms)` : `ended with code ${code}`;
      reject(new CommandFailure({ program, ended, output: `${stdout()}\n${stderr()}`.trim() }));
    });
  });
}

export type CommandOptions = {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly input?: string;
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  readonly onLine?: (line: string) => void;
};

/** A program that did not do its work. Arguments are left out of the message: they may name secrets' files. */
export class CommandFailure extends Error {
  readonly output: string;

  constructor({
    program,
    ended,
    output,
  }: {
    readonly program: string;
    readonly ended: string;
    readonly output: string;
  }) {
    const lastLines = output.split('\n').slice(-limits.failureLinesMax).join('\n');
    super(`\`${program}\` ${ended}${lastLines === '' ? '' : `:\n${lastLines}`}`);
    this.name = 'CommandFailure';
    this.output = output;
  }
}

function collect(stream: NodeJS.ReadableStream, onLine: ((line: string) => void) | undefined): () => string {
  let text = '';
  let rest = '';
  stream.setEncoding('utf8');
  stream.on('data', (chunk: string) => {
    text = `${text}${chunk}`.slice(-limits.commandOutputCharactersMax);
    const lines = `${rest}${chunk}`.split('\n');
    rest = (lines.pop() ?? '').slice(-limits.lineCharactersMax);
    for (const line of lines) onLine?.(line);
  });
  return () => text;
}
