import { randomBytes } from 'node:crypto';

import { z } from 'zod';

import type { ControlDatabase } from '../configs/program-configs.ts';
import { readJson } from '../files/read-json.ts';
import { writeFileWhole } from '../files/write-file-whole.ts';
import { passwordConnection, socketConnection } from './connection.ts';

/** How the programs reach the database: control as its two roles, the migrations as a role that may make roles. */
export type DatabaseAccess = {
  readonly control: ControlDatabase;
  /** The content of `control/migrate.ts`' configuration. */
  readonly migration: {
    readonly database: string;
    readonly passwords: { readonly runtime?: string; readonly reconciler?: string };
  };
};

/** Access to the embedded database, through its socket and without any password. */
export function embeddedDatabase(socketFolder: string): DatabaseAccess {
  const roles = (database: string): ControlDatabase['database'] => ({
    runtime: socketConnection(socketFolder, 'ringfort_runtime', database),
    reconciler: socketConnection(socketFolder, 'ringfort_reconciler', database),
  });
  return {
    control: { database: roles('ringfort'), throwawayDatabase: roles('ringfort_throwaway') },
    migration: { database: socketConnection(socketFolder, 'postgres', 'ringfort'), passwords: {} },
  };
}

const Passwords = z.object({ runtime: z.string(), reconciler: z.string() });

/** Access to a database elsewhere: the owner's address is given, the two roles get passwords of their own, kept in `passwordsFile`. */
export async function externalDatabase(databaseUrl: string, passwordsFile: string): Promise<DatabaseAccess> {
  const passwords = (await readJson(passwordsFile, Passwords)) ?? (await makePasswords(passwordsFile));
  const roles = (database: string | undefined): ControlDatabase['database'] => {
    const connection = (role: 'runtime' | 'reconciler'): string =>
      passwordConnection(databaseUrl, `ringfort_${role}`, {
        password: passwords[role],
        ...(database === undefined ? {} : { database }),
      });
    return { runtime: connection('runtime'), reconciler: connection('reconciler') };
  };
  return {
    control: { database: roles(undefined), throwawayDatabase: roles('ringfort_throwaway') },
    migration: { database: databaseUrl, passwords },
  };
}

async function makePasswords(file: string): Promise<z.infer<typeof Passwords>> {
  const password = (): string => randomBytes(24).toString('base64url');
  const passwords = { runtime: password(), reconciler: password() };
  await writeFileWhole(file, JSON.stringify(passwords), { mode: 0o600 });
  return passwords;
}
