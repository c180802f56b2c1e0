import { readFile } from 'node:fs/promises';

import { AgentConfig } from '@ringfort/contracts/program-config.ts';

/** Reads the agent's configuration file, which the supervisor writes; throws when it is not of the documented form. */
export async function readAgentConfig(path: string): Promise<AgentConfig> {
  return AgentConfig.parse(JSON.parse(await readFile(path, 'utf8')));
}
