import { writeFileWhole } from '../files/write-file-whole.ts';
import type { InstancePaths } from '../instance/instance-paths.ts';
import type { Account } from '../machine/accounts.ts';

/** Writes one program's configuration, readable by its user alone; gives the text. */
export async function writeConfig(paths: InstancePaths, program: string, options: ConfigOptions): Promise<string> {
  const text = `${JSON.stringify(options.config, null, 2)}\n`;
  await writeFileWhole(paths.configFile(program), text, { mode: 0o400, account: options.account });
  return text;
}

export type ConfigOptions = {
  readonly config: unknown;
  /** Left out: whoever runs the supervisor. */
  readonly account: Account | undefined;
};
