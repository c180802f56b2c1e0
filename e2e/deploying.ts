import { spawn } from 'node:child_process';
import { join } from 'node:path';

import { repository } from './command.ts';
import { instance } from './instance.ts';

export type Deploying = { readonly code: number | null; readonly output: string };

/**
 * Deploys a folder as a user would. `onStep` is called as each step is shown; what it does may well be hostile to the platform, and
 * the command has to come through.
 */
export function deployFolder(folder: string, options: DeployOptions): Promise<Deploying> {
  const child = spawn(
    join(repository, 'ringfort'),
    ['deploy', folder, '--environment', options.environment, '--stage', 'test', '--yes'],
    {
      cwd: repository,
      env: { ...process.env, RINGFORT_INSTANCE: instance, NO_COLOR: '1' },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  return new Promise((resolve, reject) => {
    let output = '';
    let rest = '';
    const read = (chunk: Buffer): void => {
      output += chunk.toString();
      const lines = (rest + chunk.toString()).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        const step = /^● (\w+)/u.exec(line)?.[1];
        if (step !== undefined) options.onStep?.(step);
      }
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, output }));
  });
}

export type DeployOptions = {
  readonly environment: string;
  readonly onStep?: (step: string) => void;
};
