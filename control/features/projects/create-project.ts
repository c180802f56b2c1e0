import { api } from '@ringfort/contracts/api/api.ts';
import { ProjectId } from '@ringfort/contracts/identifiers.ts';
import { Problem } from '@ringfort/contracts/problem.ts';

import { violates } from '../../db/database-problem.ts';
import { operation } from '../../operation.ts';
import { insertProject } from './store.ts';

/**
 * Makes a project. Its name begins host names, so it is unique on the platform: that a name is taken may be seen from every workspace,
 * by whom may not.
 */
export const createProject = operation(api.createProject, {
  run: async ({ tx, workspaceId, input, newId }) => {
    const { slug } = input.body;
    const id = ProjectId.parse(newId());
    const row = await insertProject(tx, { workspace_id: workspaceId, id, slug }).catch((error: unknown) => {
      if (!violates(error, 'projects_slug_unique')) throw error;
      throw new Problem('name-taken', `The project name “${slug}” is in use. Choose another name.`, { cause: error });
    });
    return { subject: slug, after: { id, slug }, answer: { id, slug, createdAt: row.created_at.toISOString() } };
  },
});
