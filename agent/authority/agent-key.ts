import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

import { findTextFile } from '../store/find-json-file.ts';
import { writeFileAtomically } from '../store/write-file-atomically.ts';

/** The agent's Ed25519 key, with which it signs endpoints, and its public half in SPKI form, base64. */
export type AgentKey = { readonly key: KeyObject; readonly verifyKey: string };

/** Reads `keys/agent.key` below the agent's home, and makes it at the first call. */
export async function openAgentKey(home: string): Promise<AgentKey> {
  const folder = join(home, 'keys');
  const path = join(folder, 'agent.key');
  const kept = await findTextFile(path);
  if (kept !== undefined) return fromPem(kept);
  const { privateKey } = generateKeyPairSync('ed25519');
  const pem = privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await writeFileAtomically(path, pem);
  return fromPem(pem);
}

function fromPem(pem: string): AgentKey {
  const key = createPrivateKey(pem);
  if (key.asymmetricKeyType !== 'ed25519') throw new Error('The agent key is not an Ed25519 key');
  const verifyKey = createPublicKey(key).export({ format: 'der', type: 'spki' }).toString('base64');
  return { key, verifyKey };
}
