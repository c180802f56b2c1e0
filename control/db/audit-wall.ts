import type { WorkspaceId } from '@ringfort/contracts/identifiers.ts';
import { sql } from 'kysely';

import type { AuditWall, WriteAttempt, WriteVerb } from '../features/controls/control.ts';
import type { Database } from './database.ts';
import type { Transaction } from './transaction.ts';

/** Settings that an attacker in the runtime role's session would set before writing. */
const forgedSettings = ['ringfort.workspace', 'ringfort.actor', 'ringfort.audited', 'ringfort.audit_event'] as const;

/** Tries writes as the runtime role on the given database; nothing of it is ever committed. */
export function createAuditWall(options: AuditWallOptions): AuditWall {
  const { database } = options;
  return {
    listTenantTables: () => listTenantTables(database),
    writeUnaudited: async (table, verb) => {
      const result = await attempt(options, (tx) => writeUnaudited(tx, { ...options, table, verb }));
      if (result.outcome !== 'no-row' || !(await isGuarded(database, { table, verb }))) return result;
      return { outcome: 'guarded', code: '' };
    },
    writeAudited: async () => {
      const result = await attempt(options, (tx) => writeAudited(tx, options));
      return result.outcome === 'written';
    },
  };
}

export type AuditWallOptions = {
  /** As the runtime role. */
  readonly database: Database;
  /** A workspace that there is, so that what the attempts forge is true. */
  readonly workspaceId: WorkspaceId;
  readonly newId: () => string;
};

/** What the runtime role may write at all and what belongs to a workspace. Triggers and policies are not asked: they may be gone. */
async function listTenantTables(database: Database): Promise<readonly string[]> {
  const { rows } = await sql<{ name: string }>`
    select c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
    join pg_attribute a on a.attrelid = c.oid and a.attname = 'workspace_id' and not a.attisdropped
    where n.nspname = 'ringfort' and c.relkind in ('r', 'p')
      and (has_table_privilege(c.oid, 'insert') or has_table_privilege(c.oid, 'update') or has_table_privilege(c.oid, 'delete'))
    order by 1`.execute(database.kysely);
  return rows.map((row) => row.name);
}

async function writeUnaudited(
  tx: Transaction,
  target: AuditWallOptions & { readonly table: string; readonly verb: WriteVerb },
): Promise<number> {
  const { workspaceId } = target;
  for (const setting of forgedSettings) await sql`select set_config(${setting}, ${workspaceId}, true)`.execute(tx);
  const table = sql.table(`ringfort.${target.table}`);
  const statements = {
    insert: sql`insert into ${table} (workspace_id) values (${workspaceId})`,
    update: sql`update ${table} set workspace_id = workspace_id`,
    delete: sql`delete from ${table}`,
  } as const satisfies Readonly<Record<WriteVerb, unknown>>;
  const { numAffectedRows } = await statements[target.verb].execute(tx);
  return Number(numAffectedRows ?? 0);
}

/** Bits of `pg_trigger.tgtype`, from PostgreSQL's catalog/pg_trigger.h. */
const triggerBits = { insert: 4, delete: 8, update: 16 } as const satisfies Readonly<Record<WriteVerb, number>>;

/** For a table without a row to try it on: whether the wall's trigger is there for the kind of write, for each row, and enabled. */
async function isGuarded(
  database: Database,
  { table, verb }: { readonly table: string; readonly verb: WriteVerb },
): Promise<boolean> {
  const forEachRowBefore = 1 + 2;
  const bits = triggerBits[verb] + forEachRowBefore;
  const { rows } = await sql<{ is_guarded: boolean }>`
    select exists (
      select from pg_trigger t join pg_proc p on p.oid = t.tgfoid
      where t.tgrelid = ${`ringfort.${table}`}::regclass and p.proname = 'refuse_unaudited_write'
        and t.tgenabled in ('O', 'A') and t.tgqual is null and (t.tgtype & ${bits}::int) = ${bits}::int
    ) as is_guarded`.execute(database.kysely);
  return rows[0]?.is_guarded === true;
}

async function writeAudited(tx: Transaction, { workspaceId, newId }: AuditWallOptions): Promise<number> {
  await sql`select set_config('ringfort.workspace', ${workspaceId}, true)`.execute(tx);
  const { rows } = await sql<{ id: string }>`select id from ringfort.actors limit 1`.execute(tx);
  await sql`select ringfort.record_audit_event(${newId()}, ${rows[0]?.id ?? null}, 'control.verify', null)`.execute(tx);
  const { numAffectedRows } = await sql`insert into ringfort.projects (workspace_id, id, slug)
    values (${workspaceId}, ${newId()}, ${`twin-${newId()}`})`.execute(tx);
  return Number(numAffectedRows ?? 0);
}

class Undone extends Error {
  readonly affected: number;
  constructor(affected: number) {
    super('Undone');
    this.affected = affected;
  }
}

/** Runs a write and always rolls it back. */
async function attempt(
  { database }: AuditWallOptions,
  write: (tx: Transaction) => Promise<number>,
): Promise<WriteAttempt> {
  try {
    await database.kysely.transaction().execute(async (tx) => {
      throw new Undone(await write(tx));
    });
  } catch (error) {
    if (error instanceof Undone) return { outcome: error.affected > 0 ? 'written' : 'no-row', code: '' };
    return { outcome: 'refused', code: sqlState(error) };
  }
  throw new Error('A transaction that throws was committed');
}

function sqlState(error: unknown): string {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : 'unknown';
}
