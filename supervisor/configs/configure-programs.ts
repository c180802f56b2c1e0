import type { InstancePaths } from '../instance/instance-paths.ts';
import { ensureAgentKeys } from '../keys/agent-keys.ts';
import { ensureSealingKey } from '../keys/sealing-key.ts';
import { ensureSigningKey } from '../keys/signing-key.ts';
import type { Accounts } from '../machine/accounts.ts';
import {
  agentConfig,
  buildProxyConfig,
  controlConfig,
  edgeConfig,
  edgeIds,
  injectorConfig,
  proberConfig,
  type ConfigSource,
  type ControlDatabase,
} from './program-configs.ts';
import { writeConfig } from './write-configs.ts';

/**
 * Makes the keys that are missing and writes every program's configuration. Private keys are made where they are used: the agent's by the
 * agent, the others readable by their program's user alone. Gives the text of each file by the program's name.
 */
export async function configurePrograms(options: ConfigureOptions): Promise<ReadonlyMap<string, string>> {
  const { paths, accounts, operator } = options;
  const edgeAccount = accounts?.edge ?? operator;
  const edgeSealingKey = await ensureSealingKey(paths.edgeKeyFile, edgeAccount);
  const source = { ...options.source, edgeUid: edgeAccount.uid, edgeSealingKey };
  const texts = new Map<string, string>();
  const write = async (name: string, config: unknown, account = operator): Promise<void> => {
    texts.set(name, await writeConfig(paths, name, { config, account }));
  };
  await write('agent', agentConfig(source));
  const keys = {
    agent: await ensureAgentKeys(paths, options),
    control: await ensureSigningKey(paths.controlKeyFile, accounts?.control ?? operator),
    prober: await ensureSigningKey(paths.proberKeyFile, accounts?.prober ?? operator),
  };
  await write('injector', injectorConfig(source));
  await write('build-proxy', buildProxyConfig(source), accounts?.proxy);
  await write('prober', proberConfig(source), accounts?.prober);
  await write('control', controlConfig(source, keys, options.database), accounts?.control);
  for (const id of edgeIds(source.settings)) await write(id, edgeConfig(source, id, keys), accounts?.edge);
  return texts;
}

export type ConfigureOptions = {
  readonly paths: InstancePaths;
  readonly accounts: Accounts | undefined;
  /** Who runs the supervisor. */
  readonly operator: { readonly uid: number; readonly gid: number };
  readonly source: Omit<ConfigSource, 'edgeUid' | 'edgeSealingKey'>;
  readonly database: ControlDatabase;
  /** Node, and the folder of the program's copy. */
  readonly node: string;
  readonly program: string;
};
