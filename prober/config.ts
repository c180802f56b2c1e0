import { readFile } from 'node:fs/promises';

import { ProberConfig } from '@ringfort/contracts/program-config.ts';

/** Reads the prober's configuration file, which the supervisor writes; throws when it is not of the documented form. */
export async function readProberConfig(path: string): Promise<ProberConfig> {
  return ProberConfig.parse(JSON.parse(await readFile(path, 'utf8')));
}
