import { spawn, type ChildProcessByStdio } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';

import { ProbeAnswer } from '@ringfort/contracts/probe.ts';

import { driverLimits as limits } from '../../limits.ts';
import type { ProbePlace } from './probe-place.ts';
import type { ChildTask } from './child-task.ts';

/**
 * Starts the child in the place and resolves with its answer, which is its first line. It keeps two rights at its start, to change user and
 * group, and has none when it begins to work. It is killed when its time is over; a canary lives on until then.
 */
export async function runChild(place: ProbePlace, options: ChildOptions): Promise<ProbeAnswer> {
  const { uid, gid } = options.nobody;
  const [file, ...args] = [
    ...place.enter,
    'setpriv',
    '--no-new-privs',
    '--inh-caps=-all',
    '--bounding-set=-all,+setuid,+setgid',
    '--',
    process.execPath,
    '--disable-warning=ExperimentalWarning',
    fileURLToPath(import.meta.resolve('./probe-child.ts')),
    String(uid),
    String(gid),
  ];
  const child = spawn(file ?? 'setpriv', args, {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' },
    cwd: '/',
    timeout: options.lifeMs + limits.probeMarginMs,
    killSignal: 'SIGKILL',
  });
  child.stdin.on('error', () => undefined);
  child.stdin.end(JSON.stringify(options.task));
  const line = await firstLine(child);
  return ProbeAnswer.parse(JSON.parse(line));
}

export type ChildOptions = {
  readonly task: ChildTask;
  readonly nobody: { readonly uid: number; readonly gid: number };
  /** How long it works at most, by its task. */
  readonly lifeMs: number;
};

function firstLine(child: ChildProcessByStdio<Writable, Readable, Readable>): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  let output = '';
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
    const end = output.indexOf('\n');
    if (end !== -1) resolve(output.slice(0, end));
    if (output.length > limits.probeOutputBytesMax) child.kill('SIGKILL');
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said = `${said}${text}`.slice(0, limits.messageCharactersMax);
  });
  child.once('error', reject);
  child.once('close', (code) => reject(new Error(`The probe ended with ${code ?? 'a signal'} and no answer: ${said}`)));
  return promise;
}
