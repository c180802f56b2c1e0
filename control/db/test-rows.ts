import type { TestDatabase } from './test-database.ts';

/** The tables of the schema `ringfort`. */
export async function listTables(database: TestDatabase): Promise<readonly string[]> {
  const rows = await database.query(
    'superuser',
    `select relname as name from pg_class where relnamespace = 'ringfort'::regnamespace and relkind in ('r', 'p') order by 1`,
  );
  return rows.map((row) => String(row['name']));
}

/** The columns of a table that can be written. */
export async function listColumns(database: TestDatabase, table: string): Promise<readonly string[]> {
  return (await readColumns(database, table)).map((column) => column.name);
}

/**
 * Drops what would refuse made-up rows (checks, foreign keys), so that any table can be filled; primary keys, policies and triggers
 * stay. For databases of tests alone.
 */
export async function loosenConstraints(database: TestDatabase): Promise<void> {
  await database.query(
    'superuser',
    `do $$ declare c record; begin
      for c in select conname, conrelid::regclass as t from pg_constraint
        where connamespace = 'ringfort'::regnamespace and contype in ('c', 'f') and conparentid = 0 loop
        execute format('alter table %s drop constraint %I', c.t, c.conname);
      end loop;
    end $$`,
  );
}

/** Adds one made-up row past all triggers, with these values where the table has such columns. */
export async function fillTable(database: TestDatabase, table: string, known: Record<string, unknown>): Promise<void> {
  const columns = await readColumns(database, table);
  const filled = columns.filter((column) => column.isNeeded || Object.hasOwn(known, column.name));
  const values = filled.map((column) => (Object.hasOwn(known, column.name) ? known[column.name] : makeUp(column.type)));
  const names = filled.map((column) => `"${column.name}"`).join(', ');
  const places = filled.map((_column, index) => `$${index + 1}`).join(', ');
  await database.query('replica', `insert into ringfort.${table} (${names}) values (${places})`, values);
}

type Column = { readonly name: string; readonly type: string; readonly isNeeded: boolean };

async function readColumns(database: TestDatabase, table: string): Promise<readonly Column[]> {
  const rows = await database.query(
    'superuser',
    `select attname as name, format_type(atttypid, null) as type, attnotnull and not atthasdef as needed
     from pg_attribute where attrelid = ('ringfort.' || $1)::regclass and attnum > 0 and not attisdropped
       and attidentity = '' and attgenerated = '' order by attnum`,
    [table],
  );
  return rows.map((row) => ({
    name: String(row['name']),
    type: String(row['type']),
    isNeeded: row['needed'] === true,
  }));
}

let made = 0;

function makeUp(type: string): unknown {
  made += 1;
  if (type === 'uuid') return `00000000-0000-7000-8000-${String(made).padStart(12, '0')}`;
  if (type === 'bytea') return Buffer.alloc(32, made);
  if (type === 'jsonb') return '{}';
  if (type === 'boolean') return true;
  if (type.startsWith('timestamp')) return new Date(0);
  if (type.endsWith('[]')) return [];
  if (type === 'bigint' || type === 'integer') return made;
  return `made-up-${made}`;
}
