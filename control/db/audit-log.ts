import { sql } from 'kysely';

import type { ActorId, RequestId } from '@ringfort/contracts/identifiers.ts';

import type { JsonValue } from './tables.ts';
import type { Transaction } from './transaction.ts';

/** Records that the actor may do this in the transaction's workspace. From here on the transaction may write there. */
export async function recordAllowed(tx: Transaction, event: AllowedEvent): Promise<void> {
  await sql`select ringfort.record_audit_event(${event.id}, ${event.actorId}, ${event.action}, ${event.requestId})`.execute(
    tx,
  );
}

/** Says what the event was done to and what it changed; in the event's own transaction only. */
export async function completeAllowed(tx: Transaction, event: CompletedEvent): Promise<void> {
  const before = JSON.stringify(event.before ?? null);
  const after = JSON.stringify(event.after ?? null);
  await sql`select ringfort.complete_audit_event(${event.id}, ${event.subject},
    nullif(${before}::jsonb, 'null'), nullif(${after}::jsonb, 'null'))`.execute(tx);
}

/** Records that the actor was refused; beyond `listedMax` in an hour such attempts are only counted. */
export async function recordDenied(tx: Transaction, event: DeniedEvent): Promise<void> {
  await sql`select ringfort.record_denial(${event.id}, ${event.actorId}, ${event.action}, ${event.subject},
    ${event.requestId}, ${event.listedMax})`.execute(tx);
}

export type AllowedEvent = {
  readonly id: string;
  /** Null only in the owner's own sessions: the set-up. */
  readonly actorId: ActorId | null;
  readonly action: string;
  readonly requestId: RequestId | null;
};

/** What was done, to what: `subject` is for people (`guestbook/staging`). No secret goes into any of it. */
export type AuditRecord = { readonly subject: string; readonly before?: JsonValue; readonly after?: JsonValue };

export type CompletedEvent = AuditRecord & { readonly id: string };

export type DeniedEvent = AllowedEvent & { readonly subject: string; readonly listedMax: number };
