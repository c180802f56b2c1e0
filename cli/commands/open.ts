import { z } from 'zod';

import { defineCommand } from '../command.ts';
import { safeLine } from '../escape-output.ts';
import { exitCodes } from '../failure.ts';
import { openInBrowser } from '../open-in-browser.ts';
import { environmentScope } from '../scope.ts';

/** Prints an environment's address and shows it in the browser where there is one. */
export const command = defineCommand({
  name: 'open',
  group: 'Everyday',
  summary: 'Print the address of an environment, and open it in the browser',
  examples: [['ringfort open -e staging', 'In a pipe it prints the address alone.']],
  input: z.object({}),
  run: async (context) => {
    const params = await environmentScope(context);
    const { url } = await context.client().call('readEnvironment', { params });
    if (context.globals.json) context.terminal.printJson({ url });
    else context.terminal.print(safeLine(url));
    if (context.terminal.isInteractive) await openInBrowser(url);
    return exitCodes.ok;
  },
});
