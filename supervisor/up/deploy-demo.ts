import { join } from 'node:path';

import type { SupervisorSettings } from '../config.ts';
import { pathExists } from '../files/path-exists.ts';
import { writeFileWhole } from '../files/write-file-whole.ts';
import type { InstancePaths } from '../instance/instance-paths.ts';
import { supervisorLimits as limits } from '../limits.ts';
import { CommandFailure, runCommand } from '../processes/run-command.ts';
import type { Progress } from '../progress.ts';
import { SetupFailure } from '../setup-failure.ts';

/** The environments that the demo is deployed to. */
export const demoEnvironments = ['staging', 'production'] as const;

/**
 * Deploys the guestbook with the command line, as any user would, once: whoever removes it does not get it back. An interrupted
 * deployment is repeated.
 */
export async function deployDemo(
  settings: SupervisorSettings,
  paths: InstancePaths,
  progress: Progress,
): Promise<void> {
  const mark = join(paths.home, 'demo-deployed');
  if (await pathExists(mark)) return;
  for (const environment of demoEnvironments) {
    await progress.step(`Guestbook in ${environment}`, (report) => deployTo(environment, settings, report));
  }
  await writeFileWhole(mark, '', { mode: 0o600 });
}

async function deployTo(
  environment: string,
  settings: SupervisorSettings,
  report: (line: string) => void,
): Promise<void> {
  // The one who deploys is this instance's administrator, whatever the shell is set to.
  const { RINGFORT_URL: _url, RINGFORT_TOKEN: _token, ...env } = settings.env;
  const main = join(settings.sourceFolder, 'cli', 'main.ts');
  const folder = join(settings.sourceFolder, 'examples', 'guestbook');
  const command = [process.execPath, main, 'deploy', folder, '--environment', environment, '--yes'];
  try {
    await runCommand(command, {
      env: { ...env, RINGFORT_INSTANCE: settings.instance, NO_COLOR: '1' },
      timeoutMs: limits.demoTimeoutMs,
      onLine: report,
    });
  } catch (error) {
    if (!(error instanceof CommandFailure)) throw error;
    throw new SetupFailure(
      `The platform is up, but the guestbook could not be deployed to ${environment}.\n${error.output}`,
      {
        advice: 'Run ./ringfort up again to repeat it, or ./ringfort up --no-demo to go without.',
        cause: error,
      },
    );
  }
}
