import { readFile } from 'node:fs/promises';

import { InjectorConfig } from '@ringfort/contracts/program-config.ts';

/** Reads the injector's configuration file, which the supervisor writes; throws when it is not of the documented form. */
export async function readInjectorConfig(path: string): Promise<InjectorConfig> {
  return InjectorConfig.parse(JSON.parse(await readFile(path, 'utf8')));
}
