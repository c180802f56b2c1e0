import { sql } from 'kysely';

import type { ActorId } from '@ringfort/contracts/identifiers.ts';

import type { Database } from './database.ts';
import type { Transaction } from './transaction.ts';

export type IdempotencyKeyName = { readonly actorId: ActorId; readonly route: string; readonly key: string };
export type KeptAnswer = { readonly sha256: Buffer; readonly answer: unknown; readonly isKept: boolean };

/** Holds back other transactions with the same key until this one ends. */
export async function lockIdempotencyKey(tx: Transaction, name: IdempotencyKeyName): Promise<void> {
  const text = JSON.stringify([name.actorId, name.route, name.key]);
  await sql`select pg_advisory_xact_lock(hashtextextended(${text}, 0))`.execute(tx);
}

/** The answer that was stored under the key, with the digest of its request. It is there for 24 hours and up to ten minutes. */
export async function findKeptAnswer(tx: Transaction, name: IdempotencyKeyName): Promise<KeptAnswer | undefined> {
  const row = await tx
    .selectFrom('idempotency_keys')
    .select(['request_sha256', 'answer', 'answer_kept'])
    .where('actor_id', '=', name.actorId)
    .where('route', '=', name.route)
    .where('key', '=', name.key)
    .executeTakeFirst();
  return row && { sha256: row.request_sha256, answer: row.answer, isKept: row.answer_kept };
}

/** Stores an answer; without `isKept` only that there was one. */
export async function storeKeptAnswer(tx: Transaction, kept: StoredAnswer): Promise<void> {
  await tx
    .insertInto('idempotency_keys')
    .values({
      actor_id: kept.actorId,
      route: kept.route,
      key: kept.key,
      request_sha256: kept.sha256,
      status: kept.status,
      answer: JSON.stringify(kept.isKept ? (kept.answer ?? null) : null),
      answer_kept: kept.isKept,
    })
    .execute();
}

/** Deletes the answers that are older than 24 hours: row-level security shows this role no others. */
export async function deleteExpiredKeys(database: Database): Promise<void> {
  await sql`delete from ringfort.idempotency_keys where created_at < now() - interval '24 hours'`.execute(
    database.kysely,
  );
}

type StoredAnswer = IdempotencyKeyName & {
  readonly sha256: Buffer;
  readonly status: number;
  readonly answer: unknown;
  readonly isKept: boolean;
};
