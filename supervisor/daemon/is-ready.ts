import { connect } from 'node:net';

import { never } from '@ringfort/kit/never.ts';

import { pathExists } from '../files/path-exists.ts';
import { readIfThere } from '../files/read-json.ts';
import { supervisorLimits as limits } from '../limits.ts';
import type { Readiness } from './program-plan.ts';

/** Whether the program that runs as process `pid` is ready to do its work. */
export async function isReady(readiness: Readiness, pid: number): Promise<boolean> {
  switch (readiness.kind) {
    case 'file':
      return pathExists(readiness.path);
    case 'socket':
      return answers(readiness.path);
    case 'postmaster':
      return isPostmasterReady((await readIfThere(readiness.path)) ?? '', pid);
    case 'running':
      return true;
    default:
      return never(readiness, 'readiness');
  }
}

/** `postmaster.pid`: the first line is the process, which may be an earlier one; the eighth tells the state, padded with blanks. */
export function isPostmasterReady(file: string, pid: number): boolean {
  const lines = file.split('\n');
  return lines[0] === String(pid) && lines[7]?.trim() === 'ready';
}

function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ path, timeout: limits.socketAnswerTimeoutMs });
    const finish = (isConnected: boolean): void => {
      socket.destroy();
      resolve(isConnected);
    };
    socket.once('connect', () => finish(true));
    socket.once('timeout', () => finish(false));
    socket.once('error', () => finish(false));
  });
}
