import { pathExists } from '../files/path-exists.ts';
import { writeFileWhole } from '../files/write-file-whole.ts';
import type { InstancePaths } from '../instance/instance-paths.ts';
import { supervisorLimits as limits } from '../limits.ts';
import type { Account } from '../machine/accounts.ts';
import { asAccount } from '../processes/as-account.ts';
import { plainEnvironment } from '../processes/plain-environment.ts';
import { runCommand } from '../processes/run-command.ts';

/**
 * Brings the database to the form that this version of the program needs, then makes the administrator's token where its file is missing.
 * Both run as the database's user. Control is started once the mark of this version is there.
 */
export async function migrate(paths: InstancePaths, options: MigrateOptions): Promise<void> {
  const mark = paths.migratedFile(options.program.digest);
  if (!(await pathExists(mark))) {
    await runScript('migrate.ts', paths, options);
    await writeFileWhole(mark, '', { mode: 0o600 });
  }
  if (!(await pathExists(paths.tokenFile))) {
    const token = await runScript('create-administrator.ts', paths, options);
    await writeFileWhole(paths.tokenFile, token, { mode: 0o600 });
  }
}

export type MigrateOptions = {
  readonly account: Account | undefined;
  readonly program: { readonly folder: string; readonly digest: string; readonly node: string };
  readonly certificateBundle: string;
  readonly onLine: (line: string) => void;
};

function runScript(script: string, paths: InstancePaths, options: MigrateOptions): Promise<string> {
  const { account, program } = options;
  const command = [program.node, `${program.folder}/control/${script}`, paths.configFile('migrate')];
  return runCommand(asAccount(command, { account }), {
    env: { ...plainEnvironment, NODE_EXTRA_CA_CERTS: options.certificateBundle },
    timeoutMs: limits.migrationTimeoutMs,
    // The administrator's token is on the output of the other one.
    ...(script === 'migrate.ts' ? { onLine: options.onLine } : {}),
  });
}
