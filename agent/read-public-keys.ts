import { mkdir } from 'node:fs/promises';

import type { AgentConfig } from '@ringfort/contracts/program-config.ts';
import type { Clock } from '@ringfort/kit/clock.ts';

import { openAgentKey } from './authority/agent-key.ts';
import { openAuthority } from './authority/authority.ts';

/** The public halves that other programs need before the agent runs for the first time; the keys are made where they are missing. */
export async function readPublicKeys(config: AgentConfig, clock: Clock): Promise<PublicKeys> {
  await mkdir(config.home, { recursive: true, mode: 0o700 });
  const { verifyKey } = await openAgentKey(config.home);
  const { caPem } = await openAuthority({ home: config.home, instance: config.instance, clock });
  return { verifyKey, caPem };
}

/** Ed25519 in SPKI form, base64; the authority's certificate in PEM. */
export type PublicKeys = { readonly verifyKey: string; readonly caPem: string };
