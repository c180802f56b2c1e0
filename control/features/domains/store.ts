import { sql } from 'kysely';

import type { EnvironmentId, WorkspaceId } from '@ringfort/contracts/identifiers.ts';
import type { Hostname } from '@ringfort/contracts/names.ts';
import { Problem } from '@ringfort/contracts/problem.ts';

import type { Transaction } from '../../db/transaction.ts';
import type { Paging } from '../../paging.ts';

export type DomainRow = {
  readonly environment_id: EnvironmentId;
  readonly hostname: Hostname;
  readonly challenge: string;
  readonly created_at: Date;
  readonly proven_at: Date | null;
};

export type DomainKey = { readonly environmentId: EnvironmentId; readonly hostname: Hostname };

/** A domain of an environment. Throws the Problem `not-found`. */
export async function getDomain(tx: Transaction, key: DomainKey): Promise<DomainRow> {
  const row = await tx
    .selectFrom('domains')
    .selectAll()
    .where('environment_id', '=', key.environmentId)
    .where('hostname', '=', key.hostname)
    .executeTakeFirst();
  if (row === undefined) throw new Problem('not-found', `The environment has no domain “${key.hostname}”.`);
  return row;
}

/** Adds an unproven domain. The caller translates a violation of `domains_pkey`. */
export async function insertDomain(tx: Transaction, domain: NewDomain): Promise<DomainRow> {
  return tx
    .insertInto('domains')
    .values({
      workspace_id: domain.workspaceId,
      environment_id: domain.environmentId,
      hostname: domain.hostname,
      challenge: domain.challenge,
    })
    .returningAll()
    .executeTakeFirstOrThrow();
}

type NewDomain = DomainKey & { readonly workspaceId: WorkspaceId; readonly challenge: string };

/** How many domains an environment has, proven or not. */
export async function countDomains(tx: Transaction, environmentId: EnvironmentId): Promise<number> {
  const { count } = await tx
    .selectFrom('domains')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('environment_id', '=', environmentId)
    .executeTakeFirstOrThrow();
  return count;
}

/** Marks a domain as proven. The caller translates a violation of `domains_proven_unique`: another environment has proven it. */
export async function markProven(tx: Transaction, key: DomainKey, at: Date): Promise<DomainRow> {
  await tx
    .updateTable('domains')
    .set({ proven_at: at })
    .where('environment_id', '=', key.environmentId)
    .where('hostname', '=', key.hostname)
    .where('proven_at', 'is', null)
    .execute();
  return getDomain(tx, key);
}

/** Removes a domain, if it is there. */
export async function removeDomainRow(tx: Transaction, key: DomainKey): Promise<void> {
  await tx
    .deleteFrom('domains')
    .where('environment_id', '=', key.environmentId)
    .where('hostname', '=', key.hostname)
    .execute();
}

/** The domains of an environment by host name. */
export async function listDomainRows(tx: Transaction, id: EnvironmentId, paging: Paging): Promise<DomainRow[]> {
  let rows = tx
    .selectFrom('domains')
    .selectAll()
    .where('environment_id', '=', id)
    .orderBy('hostname')
    .limit(paging.limit + 1);
  if (paging.afterKey !== undefined) rows = rows.where(sql<boolean>`hostname > ${paging.afterKey}`);
  return rows.execute();
}
