import { z } from 'zod';

import { readIfThere } from '../files/read-json.ts';
import { runCommand } from '../processes/run-command.ts';

/** A user and group of the system. */
export type Account = { readonly uid: number; readonly gid: number };

/** The programs that run under a user of their own, which nobody can log in as. */
export const accountNames = ['db', 'control', 'edge', 'prober', 'proxy'] as const;
export type AccountName = (typeof accountNames)[number];
export type Accounts = Readonly<Record<AccountName, Account>>;

/** The right to nothing: user and group `nobody`, for probes. */
export const nobody: Account = { uid: 65_534, gid: 65_534 };

/** The system's name for an instance's user. */
export function accountName(instance: string, name: AccountName): string {
  return `rf-${instance}-${name}`;
}

/** Makes the instance's users, each with a group of the same name, where they are missing. */
export async function ensureAccounts(instance: string): Promise<Accounts> {
  const known = parsePasswd((await readIfThere('/etc/passwd')) ?? '');
  for (const name of accountNames) {
    const user = accountName(instance, name);
    if (!known.has(user)) await runCommand(['useradd', ...useraddOptions, user]);
  }
  const all = parsePasswd((await readIfThere('/etc/passwd')) ?? '');
  const find = (name: AccountName): Account => {
    const account = all.get(accountName(instance, name));
    if (account === undefined) throw new Error(`useradd made no user ${accountName(instance, name)}`);
    return account;
  };
  return { db: find('db'), control: find('control'), edge: find('edge'), prober: find('prober'), proxy: find('proxy') };
}

/** Removes the instance's users; what they own stays. */
export async function removeAccounts(instance: string): Promise<void> {
  const known = parsePasswd((await readIfThere('/etc/passwd')) ?? '');
  for (const name of accountNames) {
    const user = accountName(instance, name);
    if (known.has(user)) await runCommand(['userdel', user]);
  }
}

const useraddOptions = [
  '--system',
  '--user-group',
  '--no-create-home',
  '--home-dir=/nonexistent',
  '--shell=/usr/sbin/nologin',
  '--comment=Ringfort',
];

const Id = z.coerce.number().int().positive();

/** Reads passwd(5): the users by name. */
export function parsePasswd(text: string): ReadonlyMap<string, Account> {
  const users = new Map<string, Account>();
  for (const line of text.split('\n')) {
    const [name = '', , uid, gid] = line.split(':');
    if (name.startsWith('rf-')) users.set(name, { uid: Id.parse(uid), gid: Id.parse(gid) });
  }
  return users;
}
