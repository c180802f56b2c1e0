import { readFile } from 'node:fs/promises';

import { z } from 'zod';

import { ControlConfig } from '@ringfort/contracts/program-config.ts';

/** Reads the file that the supervisor wrote for this program. Throws when it is not of the documented form. */
export async function readControlConfig(path: string): Promise<ControlConfig> {
  return ControlConfig.parse(JSON.parse(await readFile(path, 'utf8')));
}

/** What `migrate.ts` is told. The file is readable by its user alone, because it may hold passwords. */
export const MigrateConfig = z.object({
  /** A role that may make roles: the superuser of the embedded database, or the owner of an external one. */
  database: z.string(),
  /** For an external database; on the embedded one's socket the kernel says who calls. */
  passwords: z.object({ runtime: z.string().optional(), reconciler: z.string().optional() }).default({}),
});
export type MigrateConfig = z.infer<typeof MigrateConfig>;

/** Reads the file that the supervisor wrote for the set-up. Throws when it is not of the documented form. */
export async function readMigrateConfig(path: string): Promise<MigrateConfig> {
  return MigrateConfig.parse(JSON.parse(await readFile(path, 'utf8')));
}
