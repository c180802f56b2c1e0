import { z } from 'zod';

import { Permission } from '@ringfort/contracts/permissions.ts';

import { defineCommand } from '../command.ts';
import { safeLine } from '../escape-output.ts';
import { exitCodes } from '../failure.ts';

const Input = z.object({
  name: z.string(),
  permission: z.array(Permission, { error: 'name at least one with --permission' }).min(1),
  days: z.coerce.number().int().min(1).max(400).default(90),
});

/** The one command that prints a secret, because it is asked for one. */
export const command = defineCommand({
  name: 'token:create',
  group: 'Access and audit',
  summary: 'Make a token of the workspace; its text is shown this once',
  arguments: [['<name>', 'what it is for']],
  options: [
    ['--permission <permissions...>', `what it may do: ${Permission.options.join(', ')}`],
    ['--days <days>', 'until it expires (else 90)'],
  ],
  examples: [
    [
      'ringfort token:create ci --permission project:read environment:read deployment:create deployment:read',
      'A token that can deploy. Give it to the job as RINGFORT_TOKEN.',
    ],
  ],
  input: Input,
  run: async (context, { name, permission, days }) => {
    const params = { workspace: context.globals.workspace };
    const body = { name, permissions: permission, expiresInDays: days };
    const made = await context.client().call('createToken', { params, body });
    if (context.globals.json) context.terminal.printJson(made);
    else {
      context.terminal.note(`Keep it now, it is not shown again. Expires ${safeLine(made.expiresAt ?? 'never')}.`);
      context.terminal.print(safeLine(made.token));
    }
    return exitCodes.ok;
  },
});
