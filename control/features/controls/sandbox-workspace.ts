import { WorkspaceId } from '@ringfort/contracts/identifiers.ts';
import { WorkspaceSlug } from '@ringfort/contracts/names.ts';
import type { Permission } from '@ringfort/contracts/permissions.ts';

import type { Actor } from '../../access/actor.ts';

/** The one workspace whose environments may be broken. It stays; what is in it comes and goes with each break test. */
export const sandboxWorkspace = WorkspaceSlug.parse('break-tests');
export const sandboxWorkspaceId = WorkspaceId.parse('00000000-0000-7000-8000-62726561006b');

/** What a break test does in it, as the actor who asked for it. */
export const sandboxPermissions = [
  'project:create',
  'project:delete',
  'environment:create',
  'environment:read',
  'environment:delete',
  'deployment:create',
] as const satisfies readonly Permission[];

/** The actor with the grant that it was given when the break test began. */
export function actorInSandbox(actor: Actor, now: Date): Actor {
  const others = actor.grants.filter((grant) => grant.workspaceId !== sandboxWorkspaceId);
  const grant = {
    workspaceId: sandboxWorkspaceId,
    slug: sandboxWorkspace,
    createdAt: now.toISOString(),
    permissions: [...sandboxPermissions],
  };
  return { ...actor, grants: [...others, grant] };
}
