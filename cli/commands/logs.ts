import { z } from 'zod';

import { defineCommand } from '../command.ts';
import { exitCodes } from '../failure.ts';
import { eventPrinter } from '../follow-deployment.ts';
import { followLogs, logPrinter } from '../follow-logs.ts';
import { safeJson } from '../escape-output.ts';
import { environmentScope } from '../scope.ts';

const Input = z.object({
  follow: z.boolean().default(false),
  component: z.string().optional(),
  tail: z.coerce.number().int().min(0).max(10_000).default(200),
  deployment: z.string().optional(),
});

/** Shows what the workloads write, or the log of a deployment. */
export const command = defineCommand({
  name: 'logs',
  group: 'Everyday',
  summary: 'Show what applications and services write',
  options: [
    ['-f, --follow', 'go on as more is written'],
    ['--component <name>', 'of this application or service alone'],
    ['--tail <lines>', 'how many of the last lines (else 200)'],
    ['--deployment <id>', 'the steps and the build log of a deployment instead'],
  ],
  examples: [
    ['ringfort logs -f -e staging', 'Follows everything in staging.'],
    ['ringfort logs --component web --tail 1000 --json', 'Gives one JSON object a line.'],
  ],
  input: Input,
  run: async (context, input) => {
    const params = await environmentScope(context);
    const { terminal, globals, signal } = context;
    if (input.deployment === undefined) {
      const print = globals.json ? (event: unknown): void => terminal.print(safeJson(event)) : logPrinter(terminal);
      await followLogs(context, { params, ...input, print });
      return exitCodes.ok;
    }
    const show = globals.json ? (event: unknown): void => terminal.print(safeJson(event)) : eventPrinter(context);
    const target = { params: { ...params, deployment: input.deployment }, query: { follow: String(input.follow) } };
    for await (const event of context.client().stream('streamDeployment', target, { signal, silenceMs: 0 }))
      show(event);
    return exitCodes.ok;
  },
});
