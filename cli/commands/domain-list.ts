import { z } from 'zod';

import { defineCommand } from '../command.ts';
import { listAll } from '../list-all.ts';
import { printList } from '../print-list.ts';
import { environmentScope } from '../scope.ts';

export const command = defineCommand({
  name: 'domain:list',
  group: 'Domains',
  summary: 'List the domains of an environment',
  examples: [],
  input: z.object({}),
  run: async (context) => {
    const params = await environmentScope(context);
    const items = await listAll((query) => context.client().call('listDomains', { params, query }));
    return printList(context, {
      items,
      header: ['DOMAIN', 'STATE', 'TXT RECORD', 'VALUE'],
      row: ({ hostname, state, proof }) => [hostname, state, proof.name, proof.value],
      empty: 'There is no domain yet: `ringfort domain:add <domain>`.',
    });
  },
});
