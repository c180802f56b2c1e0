import { createHash } from 'node:crypto';
import type { KeyObject } from 'node:crypto';

import type { EdgeCertificate, EdgeSites, EdgeSnapshot, Site } from '@ringfort/contracts/edge-snapshot.ts';
import type { EnvironmentId } from '@ringfort/contracts/identifiers.ts';
import { signJson } from '@ringfort/contracts/signed.ts';
import type { Signed } from '@ringfort/contracts/signed.ts';

import { readEndpoint } from '../environment-specs/observed-endpoints.ts';
import type { Addresses } from '../environment-specs/store.ts';

/**
 * What a snapshot holds besides its version and time: the sites, the endpoints of their live releases alone, and a certificate for
 * each host name. An address that no site's release has is not told to any edge.
 */
export function planSnapshotContent(sites: readonly Site[], known: KnownAddresses): SnapshotContent {
  const endpoints: Signed[] = [];
  const certificates = new Map(known.platformCertificates.map((one) => [one.hostname, one]));
  for (const site of sites) {
    const addresses = known.byEnvironment.get(site.environmentId);
    for (const signed of addresses?.endpoints ?? [])
      if (readEndpoint(signed).releaseId === site.releaseId) endpoints.push(signed);
    for (const certificate of addresses?.certificates ?? [])
      if (site.hostnames.includes(certificate.hostname) && !certificates.has(certificate.hostname))
        certificates.set(certificate.hostname, certificate);
  }
  return { sites, endpoints, certificates: [...certificates.values()] };
}

/** Tells whether two contents are the same. */
export function digestContent(content: SnapshotContent): string {
  return createHash('sha256').update(JSON.stringify(content)).digest('hex');
}

/** The snapshot with its version, signed by control. */
export function signSnapshot(content: SnapshotContent, signing: SnapshotSigning): EdgeSnapshot {
  const { version, key } = signing;
  const issuedAt = new Date(signing.nowMs).toISOString();
  const edgeSites = { v: 1, version, issuedAt, sites: [...content.sites] } satisfies EdgeSites;
  return {
    v: 1,
    version,
    sites: signJson(edgeSites, { purpose: 'edge-sites', key }),
    endpoints: [...content.endpoints],
    certificates: [...content.certificates],
  };
}

export type SnapshotContent = {
  readonly sites: readonly Site[];
  readonly endpoints: readonly Signed[];
  readonly certificates: readonly EdgeCertificate[];
};

export type KnownAddresses = {
  readonly byEnvironment: ReadonlyMap<EnvironmentId, Addresses>;
  readonly platformCertificates: readonly EdgeCertificate[];
};

export type SnapshotSigning = { readonly version: number; readonly nowMs: number; readonly key: KeyObject };
