import { execFile } from 'node:child_process';

import { injectorLimits as limits } from './limits.ts';

export type ProgramResult = { readonly code: number; readonly stdout: string; readonly stderr: string };

/** Runs one of the host's programs to its end, with an environment of its own. Resolves for any exit code; a killed program has 255. */
export function runProgram(file: string, args: readonly string[]): Promise<ProgramResult> {
  const options = {
    env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C' },
    timeout: limits.programTimeoutMs,
    killSignal: 'SIGKILL' as const,
    maxBuffer: limits.programOutputBytesMax,
  };
  return new Promise((resolve) => {
    execFile(file, args, options, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : 255;
      resolve({ code, stdout, stderr: stderr === '' ? (error?.message ?? '') : stderr });
    });
  });
}

/** Like `runProgram`, but anything other than exit code 0 throws with what the program said. */
export async function mustRun(file: string, args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await runProgram(file, args);
  if (code === 0) return stdout;
  throw new Error(`${file} ended with ${code}: ${stderr.trim().slice(0, limits.messageCharactersMax)}`);
}
