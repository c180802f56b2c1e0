import { userInfo } from 'node:os';

import { accountName, ensureAccounts, type Account, type Accounts } from '../machine/accounts.ts';

/** Who is who on this machine. */
export type People = {
  /** Who runs the supervisor. */
  readonly operator: Account;
  /** The programs' own users; undefined without root, where everything runs as the operator. */
  readonly accounts: Accounts | undefined;
  /** The system's names that the database lets in. */
  readonly databaseUsers: { readonly database: string; readonly control: string };
};

/** Makes the instance's users, where that is possible. */
export async function ensurePeople(instance: string): Promise<People> {
  const { uid, gid, username } = userInfo();
  const operator = { uid, gid };
  if (uid !== 0) return { operator, accounts: undefined, databaseUsers: { database: username, control: username } };
  const databaseUsers = { database: accountName(instance, 'db'), control: accountName(instance, 'control') };
  return { operator, accounts: await ensureAccounts(instance), databaseUsers };
}
