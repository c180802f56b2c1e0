import { createPrivateKey, createPublicKey } from 'node:crypto';

import { generateSealingKeys } from '@ringfort/contracts/sealed.ts';

import { readIfThere } from '../files/read-json.ts';
import { writeFileWhole } from '../files/write-file-whole.ts';
import type { Account } from '../machine/accounts.ts';

/**
 * Sees to the edges' X25519 private key (raw, base64), which TLS keys are sealed to and `account` alone can read. Gives the public key, raw
 * in base64.
 */
export async function ensureSealingKey(path: string, account: Account): Promise<string> {
  const known = await readIfThere(path);
  if (known !== undefined) return publicHalf(known.trim());
  const { publicKey, privateKey } = await generateSealingKeys();
  await writeFileWhole(path, `${privateKey}\n`, { mode: 0o400, account });
  return publicKey;
}

/** What comes before the 32 raw bytes in PKCS #8 and SPKI (RFC 8410). */
const privateHead = Buffer.from('302e020100300506032b656e04220420', 'hex');
const publicHeadBytes = 12;

function publicHalf(privateKey: string): string {
  const der = Buffer.concat([privateHead, Buffer.from(privateKey, 'base64')]);
  const publicKey = createPublicKey(createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }));
  return publicKey.export({ format: 'der', type: 'spki' }).subarray(publicHeadBytes).toString('base64');
}
