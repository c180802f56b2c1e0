import { z } from 'zod';

import { writeFileWhole } from '../files/write-file-whole.ts';
import type { InstancePaths } from '../instance/instance-paths.ts';
import { plainEnvironment } from '../processes/plain-environment.ts';
import { runCommand } from '../processes/run-command.ts';

/** What `agent/main.ts keys` prints. */
const AgentKeys = z.object({ verifyKey: z.base64(), caPem: z.string().startsWith('-----BEGIN CERTIFICATE-----') });

/**
 * Has the agent make its key and the internal authority where they are missing; their private halves never leave its home. The
 * authority's certificate is written where everybody can read and trust it. Gives the agent's public key.
 */
export async function ensureAgentKeys(
  paths: InstancePaths,
  run: { readonly node: string; readonly program: string },
): Promise<string> {
  const command = [run.node, `${run.program}/agent/main.ts`, 'keys', paths.configFile('agent')];
  const answer = AgentKeys.parse(JSON.parse(await runCommand(command, { env: plainEnvironment })));
  await writeFileWhole(paths.authorityFile, answer.caPem, { mode: 0o644 });
  return answer.verifyKey;
}
