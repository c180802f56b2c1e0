import type { KeyObject } from 'node:crypto';
import type { BlockList } from 'node:net';

import {
  EdgeSites,
  EdgeSnapshot,
  Endpoint,
  type EdgeCertificate,
  type Site,
} from '@ringfort/contracts/edge-snapshot.ts';
import { openSigned, type Signed } from '@ringfort/contracts/signed.ts';

/** A snapshot whose signatures were checked. Only such a thing becomes a route table. */
export type VerifiedSnapshot = {
  readonly version: number;
  readonly sites: readonly Site[];
  readonly endpoints: readonly Endpoint[];
  readonly certificates: readonly EdgeCertificate[];
};

export type SnapshotRefusal = 'malformed' | 'unsigned' | 'older';

export type Verdict =
  | { readonly snapshot: VerifiedSnapshot; readonly refusedEndpoints: readonly string[] }
  | { readonly refused: SnapshotRefusal; readonly detail: string };

/**
 * Judges what control sent, or what lies on disk. The whole is refused when control did not sign the sites or when it is not
 * newer than `newerThan`; an endpoint without the agent's signature or outside the instance's network is left out by itself,
 * so that one bad replica does not hold back everybody's changes. Never throws.
 */
export function verifySnapshot(document: unknown, options: VerifyOptions): Verdict {
  const parsed = EdgeSnapshot.safeParse(document);
  if (!parsed.success) return { refused: 'malformed', detail: parsed.error.message.slice(0, 500) };
  const { version, sites: signedSites, endpoints: signedEndpoints, certificates } = parsed.data;
  const sites = openOrNothing(() =>
    openSigned(signedSites, { purpose: 'edge-sites', key: options.controlKey, schema: EdgeSites }),
  );
  if (sites === undefined) return { refused: 'unsigned', detail: 'The sites are not signed by control' };
  if (sites.version !== version) {
    return { refused: 'malformed', detail: `Version ${version} holds sites of version ${sites.version}` };
  }
  if (version <= options.newerThan) {
    return { refused: 'older', detail: `Version ${version} is not newer than ${options.newerThan}` };
  }
  const { endpoints, refusedEndpoints } = verifyEndpoints(signedEndpoints, options);
  return { snapshot: { version, sites: sites.sites, endpoints, certificates }, refusedEndpoints };
}

export type VerifyOptions = {
  readonly controlKey: KeyObject;
  readonly agentKey: KeyObject;
  /** Where upstreams may lie, whoever signed them. */
  readonly network: BlockList;
  readonly newerThan: number;
};

function verifyEndpoints(
  signed: readonly Signed[],
  options: VerifyOptions,
): { readonly endpoints: readonly Endpoint[]; readonly refusedEndpoints: readonly string[] } {
  const endpoints: Endpoint[] = [];
  const refusedEndpoints: string[] = [];
  for (const one of signed) {
    const endpoint = openOrNothing(() =>
      openSigned(one, { purpose: 'endpoint', key: options.agentKey, schema: Endpoint }),
    );
    if (endpoint === undefined) refusedEndpoints.push(`not signed by the agent: ${one.text.slice(0, 200)}`);
    else if (!options.network.check(endpoint.address, 'ipv4')) {
      refusedEndpoints.push(`outside the network: ${endpoint.address}`);
    } else endpoints.push(endpoint);
  }
  return { endpoints, refusedEndpoints };
}

/** A good signature over a value of the wrong form is refused like a bad one: the edge must not fall over its signer's bugs. */
function openOrNothing<T>(open: () => T | undefined): T | undefined {
  try {
    return open();
  } catch {
    return undefined;
  }
}
