import { api } from '@ringfort/contracts/api/api.ts';
import { WorkspaceId } from '@ringfort/contracts/identifiers.ts';
import { Problem } from '@ringfort/contracts/problem.ts';

import { workspacePermissions } from '../../access/permission-scopes.ts';
import { violates } from '../../db/database-problem.ts';
import { operation } from '../../operation.ts';
import { insertGrant, insertWorkspace } from './store.ts';

/** Makes a workspace, in which its maker may do everything. The event is in the audit logs of both: the maker's own and the new one. */
export const createWorkspace = operation(api.createWorkspace, {
  run: async ({ tx, actor, input, newId, recordIn }) => {
    const { slug } = input.body;
    const workspaceId = WorkspaceId.parse(newId());
    const record = { subject: slug, after: { id: workspaceId, slug } };
    await recordIn(workspaceId, record);
    const createdAt = await insertWorkspace(tx, { workspaceId, slug }).catch((error: unknown) => {
      if (!violates(error, 'workspaces_slug_key')) throw error;
      throw new Problem('name-taken', `There is a workspace “${slug}” already. Choose another name.`, { cause: error });
    });
    const { actorId, homeWorkspaceId } = actor;
    await insertGrant(tx, { workspaceId, homeWorkspaceId, actorId, permissions: workspacePermissions });
    return { ...record, answer: { id: workspaceId, slug, createdAt: createdAt.toISOString() } };
  },
});
