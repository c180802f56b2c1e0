import { z } from 'zod';

import { defineCommand } from '../command.ts';
import { printDomain } from '../print-domain.ts';
import { environmentScope } from '../scope.ts';

export const command = defineCommand({
  name: 'domain:verify',
  group: 'Domains',
  summary: 'Look for the TXT record that proves a domain, and serve it once it is there',
  arguments: [['<domain>', 'the host name']],
  examples: [['ringfort domain:verify shop.example.org -e production', 'Ends with 1 while the record is missing.']],
  input: z.object({ domain: z.string() }),
  run: async (context, { domain }) => {
    const params = { ...(await environmentScope(context)), hostname: domain.toLowerCase() };
    return printDomain(context, await context.client().call('verifyDomain', { params }), { mustBeProven: true });
  },
});
