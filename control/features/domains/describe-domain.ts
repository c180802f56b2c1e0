import type { Domain } from '@ringfort/contracts/api/domains.ts';

import type { DomainRow } from './store.ts';

/** A domain as the API shows it, with the TXT record that proves it. */
export function describeDomain(row: DomainRow): Domain {
  return {
    hostname: row.hostname,
    state: row.proven_at === null ? 'unproven' : 'proven',
    proof: proofOf(row),
    createdAt: row.created_at.toISOString(),
    provenAt: row.proven_at?.toISOString() ?? null,
  };
}

/** The TXT record: under a name of its own, so that it can be delegated and never meets other records. */
export function proofOf(row: Pick<DomainRow, 'hostname' | 'challenge'>): { name: string; value: string } {
  return { name: `_ringfort.${row.hostname}`, value: `ringfort=${row.challenge}` };
}
