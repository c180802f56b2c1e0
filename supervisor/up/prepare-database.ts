import { dirname, join } from 'node:path';

import type { SupervisorSettings } from '../config.ts';
import { ensureCluster } from '../database/cluster.ts';
import { embeddedDatabase, externalDatabase, type DatabaseAccess } from '../database/database-access.ts';
import type { InstancePaths } from '../instance/instance-paths.ts';
import type { People } from './people.ts';

/** How to reach the database, and the server to run for it; undefined when `DATABASE_URL` names one elsewhere. */
export type PreparedDatabase = { readonly access: DatabaseAccess; readonly server: string | undefined };

/** Sees to the embedded database's folder, or to the roles' passwords for a database elsewhere. */
export async function prepareDatabase(
  settings: SupervisorSettings,
  paths: InstancePaths,
  owner: { readonly people: People; readonly binaries: string },
): Promise<PreparedDatabase> {
  if (settings.databaseUrl !== undefined) {
    const passwordsFile = join(dirname(paths.migratedFile('')), 'passwords.json');
    return { access: await externalDatabase(settings.databaseUrl, passwordsFile), server: undefined };
  }
  await ensureCluster({
    folder: paths.databaseFolder,
    socketFolder: paths.databaseSocketFolder,
    binaries: owner.binaries,
    account: owner.people.accounts?.db,
    users: owner.people.databaseUsers,
  });
  return { access: embeddedDatabase(paths.databaseSocketFolder), server: join(owner.binaries, 'postgres') };
}
