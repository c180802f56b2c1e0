import { z } from 'zod';

import { defineCommand } from '../command.ts';
import { ago } from '../environment-lines.ts';
import { listAll } from '../list-all.ts';
import { printList } from '../print-list.ts';

export const command = defineCommand({
  name: 'token:list',
  group: 'Access and audit',
  summary: 'List the tokens of the workspace, without their texts',
  examples: [],
  input: z.object({}),
  run: async (context) => {
    const params = { workspace: context.globals.workspace };
    const items = await listAll((query) => context.client().call('listTokens', { params, query }));
    return printList(context, {
      items,
      header: ['ID', 'NAME', 'EXPIRES', 'LAST USED', 'PERMISSIONS'],
      row: (token) => [
        token.id,
        token.name,
        token.expiresAt?.slice(0, 10) ?? 'never',
        token.lastUsedAt === null ? 'never' : ago(token.lastUsedAt, context.clock.nowMs()),
        token.permissions.join(' '),
      ],
      empty: 'There is no token.',
    });
  },
});
