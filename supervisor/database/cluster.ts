import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';

import { pathExists } from '../files/path-exists.ts';
import { writeFileWhole } from '../files/write-file-whole.ts';
import type { Account } from '../machine/accounts.ts';
import { asAccount } from '../processes/as-account.ts';
import { plainEnvironment } from '../processes/plain-environment.ts';
import { runCommand } from '../processes/run-command.ts';

/**
 * Sees to the data folder of the embedded PostgreSQL. It is reachable through a unix socket alone, where the kernel tells who calls: the
 * user of the database becomes the superuser or the owner, control's user becomes the roles of the running platform, nobody else comes
 * in. A folder under its final name is whole.
 */
export async function ensureCluster(cluster: Cluster): Promise<void> {
  const { folder, account } = cluster;
  const data = dataFolder(folder);
  if (!(await pathExists(data))) {
    const unfinished = `${data}.unfinished`;
    await rm(unfinished, { recursive: true, force: true });
    const initdb = [join(cluster.binaries, 'initdb'), ...initdbOptions, '--pgdata', unfinished];
    await runCommand(asAccount(initdb, { account }), { env: plainEnvironment });
    await rename(unfinished, data);
  }
  const owner = { mode: 0o600, account };
  await writeFileWhole(join(data, 'pg_hba.conf'), 'local all all peer map=ringfort\n', owner);
  await writeFileWhole(join(data, 'pg_ident.conf'), identityMap(cluster.users), owner);
  await writeFileWhole(join(data, 'postgresql.auto.conf'), serverConfiguration(cluster), owner);
}

export type Cluster = {
  readonly folder: string;
  readonly socketFolder: string;
  /** Where `initdb` and `postgres` are. */
  readonly binaries: string;
  /** Left out: whoever runs the supervisor. */
  readonly account: Account | undefined;
  /** The system's names of the users. */
  readonly users: { readonly database: string; readonly control: string };
};

/** The data folder below the home of the database. */
export function dataFolder(folder: string): string {
  return join(folder, 'data');
}

const initdbOptions: readonly string[] = [
  '--username=postgres',
  '--auth=peer',
  '--encoding=UTF8',
  '--locale-provider=builtin',
  '--builtin-locale=C.UTF-8',
  '--no-locale',
  '--data-checksums',
  '--no-instructions',
];

/** pg_ident.conf: system user → database role. */
export function identityMap(users: Cluster['users']): string {
  const entries = [
    [users.database, 'postgres'],
    [users.database, 'ringfort_owner'],
    [users.control, 'ringfort_runtime'],
    [users.control, 'ringfort_reconciler'],
  ];
  return entries.map(([user, role]) => `ringfort ${user} ${role}\n`).join('');
}

function serverConfiguration(cluster: Cluster): string {
  const settings = {
    listen_addresses: '',
    unix_socket_directories: cluster.socketFolder,
    unix_socket_permissions: '0770',
    fsync: 'on',
    full_page_writes: 'on',
    synchronous_commit: 'on',
    max_connections: '100',
    shared_buffers: '128MB',
    log_timezone: 'UTC',
    timezone: 'UTC',
    log_line_prefix: '%m [%p] %u ',
    log_min_duration_statement: '1000',
  };
  return Object.entries(settings)
    .map(([name, value]) => `${name} = '${value}'\n`)
    .join('');
}
