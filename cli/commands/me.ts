import { z } from 'zod';

import { defineCommand } from '../command.ts';
import { safeLine } from '../escape-output.ts';
import { exitCodes } from '../failure.ts';

export const command = defineCommand({
  name: 'me',
  group: 'Access and audit',
  summary: 'Say who the token belongs to and what it may do where',
  examples: [],
  input: z.object({}),
  run: async (context) => {
    const me = await context.client().call('readMe', {});
    const { terminal } = context;
    if (context.globals.json) terminal.printJson(me);
    else {
      terminal.print(safeLine(me.name));
      for (const { workspace, permissions } of me.grants)
        terminal.print(`  ${safeLine(workspace)}: ${permissions.join(', ')}`);
    }
    return exitCodes.ok;
  },
});
