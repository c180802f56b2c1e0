import type { Endpoint, Site } from '@ringfort/contracts/edge-snapshot.ts';

import type { Upstream } from '../upstream/upstream.ts';
import type { VerifiedSnapshot } from './verify-snapshot.ts';

/** What a host name leads to. It is replaced as a whole when a snapshot comes; no part of it ever changes. */
export type RouteTable = ReadonlyMap<string, HostRoutes>;

export type HostRoutes = {
  /** Null: the platform's own host, whose requests go to control. */
  readonly site: Site | null;
  /** Longest prefix first. */
  readonly routes: readonly ComponentRoute[];
};

export type ComponentRoute = {
  readonly pathPrefix: string;
  readonly component: string;
  /** The replicas of the live release; empty while none runs. */
  readonly upstreams: readonly Upstream[];
};

/**
 * Joins sites with the endpoints of their live release: an endpoint serves a site only when environment, release and component
 * are the same. A host name that two sites claim stays with the first, and the platform's own host with the platform.
 */
export function buildRouteTable(snapshot: VerifiedSnapshot, options: RouteTableOptions): RouteTable {
  const byComponent = groupEndpoints(snapshot.endpoints);
  const table = new Map<string, HostRoutes>([[options.platformHostname, options.platform]]);
  for (const site of snapshot.sites) {
    const routes = site.routes
      .map(({ pathPrefix, component }) => {
        const endpoints = byComponent.get(componentKey({ ...site, component })) ?? [];
        return { pathPrefix, component, upstreams: endpoints.map(options.upstreamOf) };
      })
      .toSorted((left, right) => right.pathPrefix.length - left.pathPrefix.length);
    for (const hostname of site.hostnames) {
      if (table.has(hostname)) options.onTaken(hostname, site);
      else table.set(hostname, { site, routes });
    }
  }
  return table;
}

export type RouteTableOptions = {
  readonly platformHostname: string;
  readonly platform: HostRoutes;
  readonly upstreamOf: (endpoint: Endpoint) => Upstream;
  readonly onTaken: (hostname: string, site: Site) => void;
};

/** The route of the longest prefix that holds the path; a prefix ends at a slash, so that `/api` does not hold `/apis`. */
export function findRoute(routes: readonly ComponentRoute[], path: string): ComponentRoute | undefined {
  for (const route of routes) {
    if (holds(route.pathPrefix, path)) return route;
  }
  return undefined;
}

function holds(prefix: string, path: string): boolean {
  if (!path.startsWith(prefix)) return false;
  return prefix.endsWith('/') || path.length === prefix.length || path[prefix.length] === '/';
}

type ComponentIdentity = {
  readonly environmentId: string;
  readonly releaseId: string | null;
  readonly component: string;
};

function componentKey({ environmentId, releaseId, component }: ComponentIdentity): string {
  return `${environmentId} ${releaseId} ${component}`;
}

function groupEndpoints(endpoints: readonly Endpoint[]): ReadonlyMap<string, readonly Endpoint[]> {
  return Map.groupBy(endpoints, componentKey);
}
