import { z } from 'zod';

import { defineCommand } from '../command.ts';
import { printDone } from '../print-list.ts';

export const command = defineCommand({
  name: 'project:create',
  group: 'Projects and environments',
  summary: 'Make a project; its name begins the addresses of its environments',
  arguments: [['<name>', 'its name: lower-case letters, digits and hyphens']],
  examples: [['ringfort project:create shop', '`ringfort deploy` makes it as well.']],
  input: z.object({ name: z.string() }),
  run: async (context, { name }) => {
    const params = { workspace: context.globals.workspace };
    const made = await context.client().call('createProject', { params, body: { slug: name } });
    return printDone(context, made, `Made the project ${made.slug}`);
  },
});
