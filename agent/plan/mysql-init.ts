import type { Credentials } from './credentials.ts';

/** The one database of a MySQL service. */
export const databaseName = 'app';

/**
 * What the server runs at each start (`--init-file`: one statement a line, as its administrator, before anybody connects): the
 * database, exactly the users that are declared, with rights on that database alone.
 */
export function mysqlInit({ users, retired }: Credentials['services'][string]): string {
  const lines = [
    `create database if not exists \`${databaseName}\` character set utf8mb4 collate utf8mb4_unicode_ci;`,
    // Nobody can log in as it. Without it the server greets nobody in its own namespace, and health looks at the greeting.
    `create or replace user 'ringfort_health'@'127.0.0.1' account lock;`,
    ...retired.map((name) => `drop user if exists ${account(name)};`),
    ...users.flatMap(({ name, password }) => [
      `create or replace user ${account(name)} identified by ${quote(password)};`,
      `grant all privileges on \`${databaseName}\`.* to ${account(name)};`,
    ]),
  ];
  return `${lines.join('\n')}\n`;
}

function account(name: string): string {
  return `${quote(name)}@'%'`;
}

/** A string literal that is the same under every SQL mode: it refuses what would need escaping, which the agent never makes. */
function quote(value: string): string {
  if (!/^[A-Za-z0-9_-]+$/.test(value))
    throw new Error('A name or password for the database holds a character that it must not');
  return `'${value}'`;
}
