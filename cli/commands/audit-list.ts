import { z } from 'zod';

import { defineCommand } from '../command.ts';
import { listAll } from '../list-all.ts';
import { printList } from '../print-list.ts';

const Input = z.object({
  action: z.string().optional(),
  limit: z.coerce.number().int().positive().max(10_000).default(50),
});

export const command = defineCommand({
  name: 'audit:list',
  group: 'Access and audit',
  summary: 'List what was changed, or was tried and denied, newest first',
  options: [
    ['--action <name>', 'of this action alone, such as project.create'],
    ['--limit <count>', 'how many (else 50)'],
  ],
  examples: [
    ['ringfort audit:list --action token.create', 'Who made which token.'],
    ['ringfort audit:list --limit 1000 --json', 'With what it was before and after.'],
  ],
  input: Input,
  run: async (context, { action, limit }) => {
    const params = { workspace: context.globals.workspace };
    const filter = action === undefined ? {} : { action };
    const items = await listAll(
      (page) => context.client().call('listAuditEvents', { params, query: { ...page, ...filter } }),
      limit,
    );
    return printList(context, {
      items,
      header: ['TIME', 'WHO', 'ACTION', 'OUTCOME', 'WHAT'],
      row: (event) => [event.at, event.actorName, event.action, event.outcome, event.subject],
      empty: 'Nothing is recorded yet.',
    });
  },
});
