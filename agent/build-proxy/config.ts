import { readFile } from 'node:fs/promises';

import { BuildProxyConfig } from '@ringfort/contracts/program-config.ts';

/** Reads the build proxy's configuration file, which the supervisor writes; throws when it is not of the documented form. */
export async function readBuildProxyConfig(path: string): Promise<BuildProxyConfig> {
  return BuildProxyConfig.parse(JSON.parse(await readFile(path, 'utf8')));
}
