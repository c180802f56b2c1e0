import { api } from '@ringfort/contracts/api/api.ts';
import { Problem } from '@ringfort/contracts/problem.ts';

import { operation } from '../../operation.ts';
import { listRemainingEnvironments } from '../environments/store.ts';
import { lockProject, removeProject } from './store.ts';

/** Deletes a project once all its environments are gone, also from the machine they ran on. */
export const deleteProject = operation(api.deleteProject, {
  run: async ({ tx, workspaceId, input }) => {
    const project = await lockProject(tx, { workspaceId, project: input.params.project });
    const remaining = await listRemainingEnvironments(tx, project.id);
    if (remaining.length > 0) {
      const names = remaining.map((environment) => `“${environment.slug}”`).join(', ');
      throw new Problem(
        'state-conflict',
        `The project still has environments, or their removal is under way: ${names}.`,
      );
    }
    await removeProject(tx, project);
    return { subject: project.slug, before: { id: project.id, slug: project.slug }, answer: undefined };
  },
});
