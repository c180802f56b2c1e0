import type { WorkspaceId } from '@ringfort/contracts/identifiers.ts';
import { Problem } from '@ringfort/contracts/problem.ts';
import type { Route } from '@ringfort/contracts/route.ts';

import type { Actor } from './actor.ts';

/** What an actor may do on a route: the workspace to do it in, or the problem to answer with. */
export type Verdict = { readonly allowed: true; readonly workspaceId: WorkspaceId } | Refusal;
export type Refusal = {
  readonly allowed: false;
  readonly problem: Problem;
  /** Where the attempt is recorded: the workspace in question, or the actor's own if it cannot see that one. */
  readonly workspaceId: WorkspaceId;
};

/**
 * The permission check. A workspace in which the actor has no grant is not found, never forbidden, so that nobody learns which
 * ones there are. Routes that name no workspace ask for a permission of the platform and act in the actor's own workspace.
 */
export function authorize(actor: Actor, route: Route, params: Readonly<Record<string, string>>): Verdict {
  const slug = params['workspace'];
  if (slug === undefined) return authorizeOnPlatform(actor, route);
  const grant = actor.grants.find((candidate) => candidate.slug === slug);
  if (grant === undefined) return refuse(actor.homeWorkspaceId, workspaceNotFound(slug));
  const isAllowed = route.needs === 'signed-in' || grant.permissions.some((permission) => permission === route.needs);
  if (isAllowed) return { allowed: true, workspaceId: grant.workspaceId };
  return refuse(grant.workspaceId, permissionDenied(route, `in the workspace “${slug}”`));
}

function authorizeOnPlatform(actor: Actor, route: Route): Verdict {
  const isAllowed =
    route.needs === 'signed-in' || actor.platformPermissions.some((permission) => permission === route.needs);
  if (isAllowed) return { allowed: true, workspaceId: actor.homeWorkspaceId };
  return refuse(actor.homeWorkspaceId, permissionDenied(route, 'on the platform'));
}

function refuse(workspaceId: WorkspaceId, problem: Problem): Refusal {
  return { allowed: false, problem, workspaceId };
}

function workspaceNotFound(slug: string): Problem {
  return new Problem('not-found', `There is no workspace “${slug}” that this token reaches.`);
}

function permissionDenied(route: Route, place: string): Problem {
  return new Problem('permission-denied', `This needs the permission “${route.needs}” ${place}.`);
}
