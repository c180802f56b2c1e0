import type { EdgeCertificate } from '@ringfort/contracts/edge-snapshot.ts';
import type { Hostname } from '@ringfort/contracts/names.ts';
import { seal } from '@ringfort/contracts/sealed.ts';

import type { KeptCertificates } from '../store/environment-documents.ts';
import type { Authority } from './authority.ts';

type Kept = KeptCertificates['certificates'][number];

/**
 * A certificate for each host name, its key sealed to the edge: kept while it is in the first two thirds of its life and was made for
 * this edge key by this authority, else made anew. Others are dropped. Gives the same object back when nothing changed.
 */
export async function renewCertificates(
  hostnames: readonly Hostname[],
  kept: KeptCertificates,
  options: RenewOptions,
): Promise<KeptCertificates> {
  const find = (hostname: Hostname): Kept | undefined =>
    kept.certificates.find((one) => one.certificate.hostname === hostname && isGood(one, options));
  const isSettled =
    hostnames.length === kept.certificates.length && hostnames.every((name) => find(name) !== undefined);
  if (isSettled) return kept;
  const certificates = hostnames.map(async (hostname) => find(hostname) ?? (await make(hostname, options)));
  return { v: 1, certificates: await Promise.all(certificates) };
}

export const noCertificates: KeptCertificates = { v: 1, certificates: [] };

export type RenewOptions = {
  readonly authority: Authority;
  readonly edgeSealingKey: string;
  readonly nowMs: number;
};

function isGood(one: Kept, { authority, edgeSealingKey, nowMs }: RenewOptions): boolean {
  const isOurs = one.sealedTo === edgeSealingKey && one.authority === authority.fingerprint;
  return isOurs && nowMs < Date.parse(one.renewAt);
}

async function make(hostname: Hostname, { authority, edgeSealingKey }: RenewOptions): Promise<Kept> {
  const issued = await authority.issue(hostname);
  const context = `tls-key:${hostname}`;
  const sealedKey = await seal(Buffer.from(issued.keyPem), { publicKey: edgeSealingKey, context });
  const renewAtMs = issued.notBeforeMs + ((issued.notAfterMs - issued.notBeforeMs) * 2) / 3;
  const notAfter = new Date(issued.notAfterMs).toISOString();
  const certificate: EdgeCertificate = { hostname, chainPem: issued.chainPem, sealedKey, notAfter };
  const renewAt = new Date(renewAtMs).toISOString();
  return { certificate, renewAt, sealedTo: edgeSealingKey, authority: authority.fingerprint };
}
