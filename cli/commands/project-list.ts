import { z } from 'zod';

import { defineCommand } from '../command.ts';
import { listAll } from '../list-all.ts';
import { printList } from '../print-list.ts';

export const command = defineCommand({
  name: 'project:list',
  group: 'Projects and environments',
  summary: 'List the projects of the workspace',
  examples: [],
  input: z.object({}),
  run: async (context) => {
    const params = { workspace: context.globals.workspace };
    const items = await listAll((query) => context.client().call('listProjects', { params, query }));
    return printList(context, {
      items,
      header: ['PROJECT', 'MADE'],
      row: (project) => [project.slug, project.createdAt.slice(0, 10)],
      empty: 'There is no project yet: `ringfort deploy <folder>`.',
    });
  },
});
