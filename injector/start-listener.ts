import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';

import { Problem } from '@ringfort/contracts/problem.ts';

import { injectorLimits as limits } from './limits.ts';
import type { ThrowawayWorkload } from './throwaway-workloads.ts';

/** Starts a listener inside a workload's network namespace and resolves when it listens. `stop` ends it. */
export async function startListener({ namespace, ref }: ThrowawayWorkload, port: number): Promise<Listener> {
  const inside = ['nsenter', `--net=${namespace}`, '--'] as const;
  const [file, ...args] = [...inside, ...unprivileged(port), process.execPath, program, String(port)] as const;
  const child = spawn(file, args, {
    env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' },
    cwd: '/',
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const stop = (): void => void child.kill('SIGKILL');
  if (await isListening(child)) return { stop };
  stop();
  throw new Problem('state-conflict', `Nothing more can listen on port ${port} of “${ref.name}”. Choose another port.`);
}

export type Listener = { readonly stop: () => void };

const program = join(import.meta.dirname, 'listener', 'main.ts');

/** As nobody; a low port needs one capability, and gets that one alone. */
function unprivileged(port: number): readonly string[] {
  const capabilities = port < 1_024 ? '-all,+net_bind_service' : '-all';
  return [
    'setpriv',
    '--reuid=65534',
    '--regid=65534',
    '--clear-groups',
    '--no-new-privs',
    `--bounding-set=${capabilities}`,
    `--inh-caps=${capabilities}`,
    `--ambient-caps=${capabilities}`,
    '--',
  ];
}

function isListening(child: ChildProcess): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, limits.listenerStartMs, false);
    const finish = (answer: boolean) => () => {
      clearTimeout(timer);
      resolve(answer);
    };
    child.stdout?.once('data', finish(true));
    child.once('error', finish(false)).once('exit', finish(false));
  });
}
