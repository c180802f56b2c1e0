import type { Site } from '@ringfort/contracts/edge-snapshot.ts';

import { findRoute, type HostRoutes } from '../snapshot/route-table.ts';
import type { Upstream } from '../upstream/upstream.ts';
import type { Refusal } from './refusals.ts';

/** Who may answer a request: the replicas of one component; or nobody, and why. */
export type FoundUpstreams = {
  readonly site: Site | null;
  readonly component: string | null;
  readonly upstreams: readonly Upstream[];
  readonly refusal: Refusal | undefined;
};

/** Finds the replicas for a path of a host; `host` is undefined when no site has that name (any more). */
export function findUpstreams(host: HostRoutes | undefined, path: string): FoundUpstreams {
  if (host === undefined) return nobody(null, 'no-site');
  const { site } = host;
  if (site !== null && path.startsWith('/.ringfort/')) return nobody(site, 'reserved-path');
  if (site !== null && site.releaseId === null) return nobody(site, 'not-deployed');
  const route = findRoute(host.routes, path);
  if (route === undefined) return nobody(site, 'no-route');
  const { component, upstreams } = route;
  return { site, component, upstreams, refusal: upstreams.length === 0 ? 'no-endpoint' : undefined };
}

function nobody(site: Site | null, refusal: Refusal): FoundUpstreams {
  return { site, component: null, upstreams: [], refusal };
}
