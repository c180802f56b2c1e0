import { createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto';

import { readIfThere } from '../files/read-json.ts';
import { writeFileWhole } from '../files/write-file-whole.ts';
import type { Account } from '../machine/accounts.ts';

/**
 * Sees to an Ed25519 private key (PKCS #8 PEM) that `account` alone can read, made when it is missing. Gives the public key in the form of
 * the configuration files: SPKI, base64.
 */
export async function ensureSigningKey(path: string, account: Account): Promise<string> {
  const pem = (await readIfThere(path)) ?? (await makeKey(path, account));
  const publicKey = createPublicKey(createPrivateKey(pem));
  return publicKey.export({ format: 'der', type: 'spki' }).toString('base64');
}

async function makeKey(path: string, account: Account): Promise<string> {
  const { privateKey } = generateKeyPairSync('ed25519', {
    privateKeyEncoding: { format: 'pem', type: 'pkcs8' },
    publicKeyEncoding: { format: 'pem', type: 'spki' },
  });
  await writeFileWhole(path, privateKey, { mode: 0o400, account });
  return privateKey;
}
