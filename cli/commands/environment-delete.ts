import { z } from 'zod';

import { askToDelete } from '../ask-to-delete.ts';
import { defineCommand } from '../command.ts';
import { printDone } from '../print-list.ts';
import { projectScope } from '../scope.ts';

export const command = defineCommand({
  name: 'environment:delete',
  group: 'Projects and environments',
  summary: 'Delete an environment with all its data, for good',
  arguments: [['<name>', 'the environment']],
  options: [['--confirm <name>', 'its name once more, where nobody can be asked']],
  examples: [['ringfort environment:delete staging -p shop --confirm staging', 'Its databases are gone with it.']],
  input: z.object({ name: z.string(), confirm: z.string().optional() }),
  run: async (context, { name, confirm }) => {
    const params = { ...(await projectScope(context)), environment: name };
    const what = `${params.project}/${name} is deleted with all its data, for good.`;
    await askToDelete(context, what, { name, given: confirm });
    await context.client().call('deleteEnvironment', { params, query: { confirm: name } });
    return printDone(context, { deleted: name }, `Deleted ${params.project}/${name}`);
  },
});
