import { PgBoss } from 'pg-boss';

import type { Log } from '@ringfort/kit/log.ts';

/**
 * Opens pg-boss as the reconcilers' role. It makes no tables; `start()` fails while the database is away, and once started it goes on
 * by itself when the database comes back.
 */
export function openBoss(options: BossOptions): PgBoss {
  const boss = new PgBoss({
    connectionString: options.connectionString,
    application_name: 'ringfort-control-jobs',
    schema: 'pgboss',
    max: 4,
    connectionTimeoutMillis: 3_000,
    migrate: false,
    createSchema: false,
    schedule: false,
    supervise: true,
    useListenNotify: true,
    // Both are for owners of the tables.
    reindex: false,
    monitorVacuum: false,
  });
  boss.on('error', (error) => options.log.warn('The queue has a failure', { error }));
  boss.on('warning', (warning) => options.log.warn('The queue warns', { warning: warning.message }));
  return boss;
}

export type BossOptions = { readonly connectionString: string; readonly log: Log };
