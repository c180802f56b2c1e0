import { z } from 'zod';

import { defineCommand } from '../command.ts';
import { printDone } from '../print-list.ts';

export const command = defineCommand({
  name: 'token:revoke',
  group: 'Access and audit',
  summary: 'Revoke a token at once',
  arguments: [['<id>', 'its id in `ringfort token:list`']],
  examples: [],
  input: z.object({ id: z.string() }),
  run: async (context, { id }) => {
    const params = { workspace: context.globals.workspace, token: id };
    await context.client().call('revokeToken', { params });
    return printDone(context, { revoked: id }, `Revoked the token ${id}`);
  },
});
