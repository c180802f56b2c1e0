import { z } from 'zod';

import { defineCommand } from '../command.ts';
import { printDone } from '../print-list.ts';

export const command = defineCommand({
  name: 'workspace:create',
  group: 'Projects and environments',
  summary: 'Make a workspace, closed to every other one',
  arguments: [['<name>', 'its name: lower-case letters, digits and hyphens']],
  examples: [['ringfort workspace:create team-a', 'Then name it with --workspace team-a.']],
  input: z.object({ name: z.string() }),
  run: async (context, { name }) => {
    const made = await context.client().call('createWorkspace', { body: { slug: name } });
    return printDone(context, made, `Made the workspace ${made.slug}`);
  },
});
