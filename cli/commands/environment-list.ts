import { z } from 'zod';

import { defineCommand } from '../command.ts';
import { listAll } from '../list-all.ts';
import { printList } from '../print-list.ts';
import { projectScope } from '../scope.ts';

export const command = defineCommand({
  name: 'environment:list',
  group: 'Projects and environments',
  summary: 'List the environments of a project',
  examples: [],
  input: z.object({}),
  run: async (context) => {
    const params = await projectScope(context);
    const items = await listAll((query) => context.client().call('listEnvironments', { params, query }));
    return printList(context, {
      items,
      header: ['ENVIRONMENT', 'STAGE', 'CRITICALITY', 'REGION', 'ADDRESS'],
      row: (each) => [each.slug, each.stage, each.criticality, each.region, each.url],
      empty: 'There is no environment yet: `ringfort deploy -e staging`.',
    });
  },
});
