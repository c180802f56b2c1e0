import { z } from 'zod';

import { defineCommand } from '../command.ts';
import { ago } from '../environment-lines.ts';
import { listAll } from '../list-all.ts';
import { printList } from '../print-list.ts';
import { environmentScope } from '../scope.ts';

/** Lists what was in service, and is. */
export const command = defineCommand({
  name: 'releases',
  group: 'Everyday',
  summary: 'List the releases of an environment, newest first',
  options: [['--limit <count>', 'how many (else 20)']],
  examples: [['ringfort releases -e production', 'Shows which release is live and which can be rolled back to.']],
  input: z.object({ limit: z.coerce.number().int().positive().default(20) }),
  run: async (context, { limit }) => {
    const params = await environmentScope(context);
    const items = await listAll((query) => context.client().call('listReleases', { params, query }), limit);
    return printList(context, {
      items,
      header: ['RELEASE', 'STATE', 'MADE', 'SOURCE'],
      row: (release) => [
        String(release.number),
        release.active ? 'live' : '',
        ago(release.createdAt, context.clock.nowMs()),
        release.sourceDigest.slice(0, 12),
      ],
      empty: 'There is no release yet: `ringfort deploy`.',
    });
  },
});
