import { z } from 'zod';

import { ActorId, WorkspaceId } from '@ringfort/contracts/identifiers.ts';
import { WorkspaceSlug } from '@ringfort/contracts/names.ts';
import { Permission } from '@ringfort/contracts/permissions.ts';

/** Who a token belongs to and what it may do where, as `ringfort.authenticate()` tells. */
export const Actor = z.object({
  tokenId: z.uuid(),
  actorId: ActorId,
  name: z.string(),
  /** Where the actor belongs. What it does to no workspace in particular is recorded there. */
  homeWorkspaceId: WorkspaceId,
  platformPermissions: z.array(Permission),
  grants: z.array(
    z.object({
      workspaceId: WorkspaceId,
      slug: WorkspaceSlug,
      createdAt: z.iso.datetime(),
      permissions: z.array(Permission),
    }),
  ),
});
export type Actor = z.infer<typeof Actor>;
