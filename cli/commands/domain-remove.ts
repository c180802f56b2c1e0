import { z } from 'zod';

import { defineCommand } from '../command.ts';
import { printDone } from '../print-list.ts';
import { environmentScope } from '../scope.ts';

export const command = defineCommand({
  name: 'domain:remove',
  group: 'Domains',
  summary: 'Stop serving a domain',
  arguments: [['<domain>', 'the host name']],
  examples: [['ringfort domain:remove shop.example.org -e production', 'It can be added again, with a new proof.']],
  input: z.object({ domain: z.string() }),
  run: async (context, { domain }) => {
    const params = { ...(await environmentScope(context)), hostname: domain.toLowerCase() };
    await context.client().call('removeDomain', { params });
    return printDone(context, { removed: params.hostname }, `Removed ${params.hostname}`);
  },
});
