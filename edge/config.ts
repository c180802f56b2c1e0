import { readFile } from 'node:fs/promises';

import { EdgeConfig } from '@ringfort/contracts/program-config.ts';

/** What the edge starts with: its configuration and the private key that TLS keys are sealed to (raw X25519, base64). */
export type EdgeSettings = { readonly config: EdgeConfig; readonly sealingPrivateKey: string };

/** Reads the configuration file that the supervisor wrote, and the key file that it names. Throws when either is not of its form. */
export async function readSettings(path: string): Promise<EdgeSettings> {
  const config = EdgeConfig.parse(JSON.parse(await readFile(path, 'utf8')));
  const sealingPrivateKey = (await readFile(config.sealingPrivateKeyFile, 'utf8')).trim();
  return { config, sealingPrivateKey };
}
