import type { ObservedEnvironment } from '@ringfort/contracts/agent-requests.ts';
import type { EdgeCertificate } from '@ringfort/contracts/edge-snapshot.ts';
import type { ReleaseId } from '@ringfort/contracts/identifiers.ts';
import type { Signed } from '@ringfort/contracts/signed.ts';

import { readEndpoint } from './observed-endpoints.ts';
import type { Addresses } from './store.ts';

/**
 * The addresses to keep of an environment after the agent was asked. What it names newly replaces what was there; what it leaves out
 * for the moment, because it has just started or a workload is between two lives, stays as long as the release runs: an address is
 * given to nobody else meanwhile, and edges must not forget a live application because its agent restarts.
 */
export function mergeAddresses(stored: Addresses, observed: ObservedEnvironment, kept: KeptNames): Addresses {
  const endpoints = new Map<string, Signed>();
  for (const signed of [...stored.endpoints, ...observed.endpoints]) {
    const { releaseId, component, replica } = readEndpoint(signed);
    if (kept.releaseIds.has(releaseId)) endpoints.set(`${releaseId}/${component}/${replica}`, signed);
  }
  const certificates = new Map<string, EdgeCertificate>();
  for (const certificate of [...stored.certificates, ...observed.certificates])
    if (kept.hostnames.has(certificate.hostname)) certificates.set(certificate.hostname, certificate);
  return { endpoints: sorted(endpoints), certificates: sorted(certificates) };
}

export type KeptNames = { readonly releaseIds: ReadonlySet<ReleaseId>; readonly hostnames: ReadonlySet<string> };

function sorted<T>(map: ReadonlyMap<string, T>): readonly T[] {
  return [...map].toSorted(([left], [right]) => (left < right ? -1 : 1)).map(([, value]) => value);
}
