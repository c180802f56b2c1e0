import { Client, DatabaseError } from 'pg';

/** Makes the database that the connection string names where there is none. The role has to be allowed to. */
export async function ensureDatabase(connectionString: string): Promise<void> {
  const client = new Client({ connectionString });
  try {
    await client.connect();
  } catch (error) {
    if (!(error instanceof DatabaseError) || error.code !== databaseMissing) throw error;
    await createDatabase(connectionString, client.database ?? '');
  } finally {
    await client.end();
  }
}

const databaseMissing = '3D000';
const databaseThere = '42P04';

async function createDatabase(connectionString: string, name: string): Promise<void> {
  const client = new Client({ ...connectionOf(connectionString), database: 'postgres' });
  await client.connect();
  try {
    await client.query(`create database ${client.escapeIdentifier(name)} encoding 'UTF8' template template0`);
  } catch (error) {
    // Somebody else was faster.
    if (!(error instanceof DatabaseError) || error.code !== databaseThere) throw error;
  } finally {
    await client.end();
  }
}

/** The parts of a connection string, read by `pg` itself; given as parts, the database can be another. */
function connectionOf(connectionString: string): { host: string; port: number; user?: string; password?: string } {
  const { host, port, user, password } = new Client({ connectionString });
  return { host, port, ...(user === undefined ? {} : { user }), ...(password === undefined ? {} : { password }) };
}
