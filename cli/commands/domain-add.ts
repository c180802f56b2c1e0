import { z } from 'zod';

import { defineCommand } from '../command.ts';
import { printDomain } from '../print-domain.ts';
import { environmentScope } from '../scope.ts';

export const command = defineCommand({
  name: 'domain:add',
  group: 'Domains',
  summary: 'Add a domain of your own to an environment',
  arguments: [['<domain>', 'the host name, such as shop.example.org']],
  examples: [['ringfort domain:add shop.example.org -e production', 'Says which TXT record proves that it is yours.']],
  input: z.object({ domain: z.string() }),
  run: async (context, { domain }) => {
    const params = await environmentScope(context);
    const body = { hostname: domain.toLowerCase() };
    return printDomain(context, await context.client().call('addDomain', { params, body }));
  },
});
