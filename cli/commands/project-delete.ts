import { z } from 'zod';

import { askToDelete } from '../ask-to-delete.ts';
import { defineCommand } from '../command.ts';
import { printDone } from '../print-list.ts';

export const command = defineCommand({
  name: 'project:delete',
  group: 'Projects and environments',
  summary: 'Delete a project that has no environment left',
  arguments: [['<name>', 'the project']],
  options: [['--confirm <name>', 'its name once more, where nobody can be asked']],
  examples: [['ringfort project:delete shop --confirm shop', 'Its environments are deleted before.']],
  input: z.object({ name: z.string(), confirm: z.string().optional() }),
  run: async (context, { name, confirm }) => {
    await askToDelete(context, `The project “${name}” is deleted for good.`, { name, given: confirm });
    const params = { workspace: context.globals.workspace, project: name };
    await context.client().call('deleteProject', { params });
    return printDone(context, { deleted: name }, `Deleted the project ${name}`);
  },
});
