import { Kysely, PostgresDialect } from 'kysely';
import { Pool, TypeOverrides, types } from 'pg';

import { controlLimits as limits } from '../limits.ts';
import type { Tables } from './tables.ts';

/** An open pool of connections as one role. It connects when first used, and again by itself after PostgreSQL was away. */
export type Database = {
  readonly kysely: Kysely<Tables>;
  readonly close: () => Promise<void>;
};

/**
 * Opens a pool. Names are found in the schema `ringfort` alone; every statement and every wait for a lock is bounded. `onError` is
 * told of connections that broke while no statement ran on them.
 */
export function openDatabase(options: DatabaseOptions): Database {
  const role = options.role === undefined ? '' : ` -c role=${options.role}`;
  const pool = new Pool({
    connectionString: options.connectionString,
    application_name: options.applicationName,
    max: options.connectionsMax ?? limits.databaseConnectionsMax,
    connectionTimeoutMillis: limits.connectTimeoutMs,
    statement_timeout: limits.statementTimeoutMs,
    lock_timeout: limits.lockTimeoutMs,
    idle_in_transaction_session_timeout: limits.idleInTransactionTimeoutMs,
    options: `-c search_path=ringfort${role}`,
    types: countersAsNumbers(),
  });
  pool.on('error', options.onError);
  // A connection that breaks in the middle of a transaction, between two statements, is nobody's failed query.
  pool.on('connect', (client) => client.on('error', options.onError));
  const kysely = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
  return { kysely, close: () => kysely.destroy() };
}

export type DatabaseOptions = {
  readonly connectionString: string;
  readonly applicationName: string;
  readonly connectionsMax?: number;
  /** The set-up acts as the owner, whom nobody can log in as. */
  readonly role?: 'ringfort_owner';
  readonly onError: (error: Error) => void;
};

/** Counters are far below 2^53, so they are read as numbers; everything else as `pg` reads it. */
function countersAsNumbers(): TypeOverrides {
  const overrides = new TypeOverrides();
  overrides.setTypeParser(types.builtins.INT8, Number);
  return overrides;
}
