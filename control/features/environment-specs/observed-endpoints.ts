import type { ObservedEnvironment } from '@ringfort/contracts/agent-requests.ts';
import { Endpoint } from '@ringfort/contracts/edge-snapshot.ts';
import type { Signed } from '@ringfort/contracts/signed.ts';

/**
 * What the agent's signed endpoints say. Control has no use for the signature: it only sorts them; the edges, which connect there,
 * check it.
 */
export function observedEndpoints(observed: ObservedEnvironment | undefined): readonly Endpoint[] {
  return (observed?.endpoints ?? []).map(readEndpoint);
}

/** The endpoint inside; throws when the agent signed something else. */
export function readEndpoint(signed: Signed): Endpoint {
  return Endpoint.parse(JSON.parse(signed.text));
}
