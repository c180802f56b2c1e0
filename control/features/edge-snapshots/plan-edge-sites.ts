import type { ProjectConfig } from '@ringfort/contracts/application-config.ts';
import type { Site } from '@ringfort/contracts/edge-snapshot.ts';
import type { EnvironmentId, ReleaseId, WorkspaceId } from '@ringfort/contracts/identifiers.ts';
import { ComponentName } from '@ringfort/contracts/names.ts';
import type { Hostname } from '@ringfort/contracts/names.ts';

import { planHostnames } from '../environment-specs/plan-environment-spec.ts';
import type { EnvironmentHosts } from '../environment-specs/plan-environment-spec.ts';

/**
 * The sites that the edges serve, oldest environment first. A host name goes to one environment only: `a-b` + `c` and `a` + `b-c`
 * would share one, and then the older environment keeps it, so that nobody takes over another's address by a later name.
 */
export function planEdgeSites(environments: readonly EdgeEnvironment[]): Site[] {
  const taken = new Set<Hostname>();
  return environments.toSorted(byAge).map((environment) => {
    const hostnames = planHostnames(environment).filter((hostname) => !taken.has(hostname));
    for (const hostname of hostnames) taken.add(hostname);
    const { workspaceId, environmentId, project, environment: slug, live } = environment;
    const releaseId = live?.releaseId ?? null;
    const routes = live === undefined ? [] : planRoutes(live.config);
    return { workspaceId, environmentId, project, environment: slug, hostnames, releaseId, routes };
  });
}

/** An environment that is wanted; one that is to be removed is not handed in. */
export type EdgeEnvironment = EnvironmentHosts & {
  readonly workspaceId: WorkspaceId;
  readonly environmentId: EnvironmentId;
  readonly createdAtMs: number;
  readonly live: { readonly releaseId: ReleaseId; readonly config: ProjectConfig } | undefined;
};

function planRoutes(config: ProjectConfig): Site['routes'] {
  const only = Object.keys(config.applications)[0];
  const routes = Object.entries(config.routes ?? (only === undefined ? {} : { '/': only }));
  return routes
    .map(([pathPrefix, component]) => ({ pathPrefix, component: ComponentName.parse(component) }))
    .toSorted((left, right) => right.pathPrefix.length - left.pathPrefix.length || compare(left, right));
}

function compare(left: { readonly pathPrefix: string }, right: { readonly pathPrefix: string }): number {
  return left.pathPrefix < right.pathPrefix ? -1 : 1;
}

function byAge(left: EdgeEnvironment, right: EdgeEnvironment): number {
  return left.createdAtMs - right.createdAtMs || (left.environmentId < right.environmentId ? -1 : 1);
}
