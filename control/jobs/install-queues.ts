import type { Client } from 'pg';
import { PgBoss } from 'pg-boss';

import { queueNames } from './queues.ts';

/**
 * Installs or updates the tables of pg-boss in the schema `pgboss`, makes the queues and grants what the two roles need: the runtime
 * role may add a nudge, the reconcilers' role may work them off, neither may make tables. Runs as the owner.
 */
export async function installQueues(client: Client): Promise<void> {
  const boss = new PgBoss({
    db: { executeSql: async (text, values) => ({ rows: lastRows(await client.query(text, values)) }) },
    schema: 'pgboss',
    supervise: false,
    schedule: false,
  });
  const failures: Error[] = [];
  boss.on('error', (error) => failures.push(error));
  await boss.start();
  try {
    for (const name of queueNames) {
      const queue = await boss.getQueue(name);
      if (queue === null) await boss.createQueue(name, { ...queueOptions, policy: 'short' });
      else await boss.updateQueue(name, queueOptions);
    }
  } finally {
    await boss.stop({ graceful: false, close: false });
  }
  if (failures[0] !== undefined) throw failures[0];
  await client.query(grants);
}

/**
 * `short`: at most one waiting for each id; claims see to one at work. A failed one is tried again after a second, then ever later; what the retries
 * give up, the timer brings back.
 */
const queueOptions = {
  notify: true,
  retryLimit: 5,
  retryDelay: 1,
  retryBackoff: true,
  retryDelayMax: 30,
  expireInSeconds: 120,
  retentionSeconds: 3_600,
  deleteAfterSeconds: 60,
};

const grants = `
  revoke all on schema pgboss from public;
  revoke all on all tables in schema pgboss from public;
  revoke all on all functions in schema pgboss from public;
  grant usage on schema pgboss to ringfort_runtime, ringfort_reconciler;
  grant execute on function pgboss.job_now() to ringfort_runtime, ringfort_reconciler;
  grant select on pgboss.version, pgboss.queue to ringfort_runtime;
  grant insert, select (id, start_after) on pgboss.job_common to ringfort_runtime;
  grant select, insert, update, delete on all tables in schema pgboss to ringfort_reconciler;
  grant usage on all sequences in schema pgboss to ringfort_reconciler;
`;

type QueryAnswer = { readonly rows: unknown[] };

/** Several statements at once answer with a list, of which pg-boss wants the last. */
function lastRows(answer: QueryAnswer | readonly QueryAnswer[]): unknown[] {
  return 'rows' in answer ? answer.rows : (answer.at(-1)?.rows ?? []);
}
