import { z } from 'zod';

import { defineCommand } from '../command.ts';
import { listAll } from '../list-all.ts';
import { printList } from '../print-list.ts';

export const command = defineCommand({
  name: 'workspace:list',
  group: 'Projects and environments',
  summary: 'List the workspaces that the token reaches',
  examples: [],
  input: z.object({}),
  run: async (context) => {
    const items = await listAll((query) => context.client().call('listWorkspaces', { query }));
    return printList(context, {
      items,
      header: ['WORKSPACE', 'MADE'],
      row: (workspace) => [workspace.slug, workspace.createdAt.slice(0, 10)],
      empty: 'The token reaches no workspace.',
    });
  },
});
