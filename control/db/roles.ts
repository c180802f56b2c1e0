import type { Client } from 'pg';

export type RolePasswords = { readonly runtime?: string | undefined; readonly reconciler?: string | undefined };

/**
 * Makes the three roles where they are missing and lets the session act as the owner: `ringfort_owner` owns everything and cannot log
 * in, `ringfort_runtime` serves requests, `ringfort_reconciler` writes what was observed. Passwords are for databases that are
 * reached over the network; on the embedded one's socket the kernel says who calls.
 */
export async function createRoles(client: Client, passwords: RolePasswords): Promise<void> {
  for (const [role, login] of Object.entries({ owner: 'nologin', runtime: 'login', reconciler: 'login' })) {
    const name = `ringfort_${role}`;
    const { rowCount } = await client.query('select from pg_roles where rolname = $1', [name]);
    if (rowCount === 0) await client.query(`create role ${name} ${login} noinherit`);
  }
  await setPassword(client, 'ringfort_runtime', passwords.runtime);
  await setPassword(client, 'ringfort_reconciler', passwords.reconciler);
  await refuseMightyRoles(client);
  const { rows } = await client.query<{ may: boolean; database: string }>(
    `select pg_has_role(current_user, 'ringfort_owner', 'member') as may, current_database() as database`,
  );
  const database = client.escapeIdentifier(rows[0]?.database ?? '');
  if (rows[0]?.may !== true) await client.query('grant ringfort_owner to current_user');
  await client.query(`revoke all on database ${database} from public`);
  await client.query(`grant connect on database ${database} to ringfort_runtime, ringfort_reconciler`);
  await client.query(`grant connect, create on database ${database} to ringfort_owner`);
  await client.query('revoke all on schema public from public');
}

async function setPassword(client: Client, role: string, password: string | undefined): Promise<void> {
  if (password !== undefined) await client.query(`alter role ${role} password ${client.escapeLiteral(password)}`);
}

/** A runtime role that bypasses row-level security or makes roles would make both walls of the database useless. */
async function refuseMightyRoles(client: Client): Promise<void> {
  const { rows } = await client.query<{ rolname: string }>(`
    select rolname from pg_roles
    where rolname in ('ringfort_owner', 'ringfort_runtime', 'ringfort_reconciler')
      and (rolsuper or rolbypassrls or rolcreaterole or rolcreatedb or rolreplication)`);
  const names = rows.map((row) => row.rolname).join(', ');
  if (names !== '')
    throw new Error(`These roles may do more than Ringfort's roles must: ${names}. Drop or alter them.`);
}
