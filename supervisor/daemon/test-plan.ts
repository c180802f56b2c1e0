import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { systemClock as clock } from '@ringfort/kit/clock.ts';
import { createLog } from '@ringfort/kit/log.ts';
import { wait } from '@ringfort/kit/wait.ts';

import type { DaemonOptions } from './daemon.ts';
import type { ProgramPlan } from './program-plan.ts';

/** Test support: a folder that is removed in the end, and programs of ours that run until they are ended. */
export async function makeTestFolder(t: { after: (clean: () => Promise<void>) => void }): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'ringfort-daemon-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** A program that makes its ready file and then waits. `code` runs before. */
export function testProgram(
  folder: string,
  name: string,
  options: { digest?: string; code?: string } = {},
): ProgramPlan {
  const readyFile = join(folder, `${name}.ready`);
  const code = `${options.code ?? ''}; require('fs').writeFileSync(${JSON.stringify(readyFile)}, ''); setInterval(() => {}, 1e9)`;
  return {
    name,
    command: [process.execPath, '-e', code, '--', join(folder, name)],
    signature: [join(folder, name)],
    capabilities: [],
    umask: 0o077,
    environment: {},
    log: join(folder, `${name}.log`),
    ready: { kind: 'file', path: readyFile },
    waitsFor: [],
    after: [],
    stopSignal: 'SIGTERM',
    digest: options.digest ?? 'one',
  };
}

/** What a daemon or keeper needs besides its plan. */
export function testOptions(signal: AbortSignal): DaemonOptions {
  const log = createLog({ program: 'test', clock, write: () => undefined });
  return { log, clock, random: () => 0, signal };
}

/** Waits for what other processes bring about; fails after ten seconds. */
export async function until<T>(look: () => Promise<T | undefined> | T | undefined, what: string): Promise<T> {
  for (let round = 0; round < 200; round += 1) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
    await wait(50);
  }
  throw new Error(`It did not come about: ${what}`);
}
