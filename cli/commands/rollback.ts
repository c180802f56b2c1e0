import { z } from 'zod';

import { defineCommand } from '../command.ts';
import { followDeployment, reportDeployment } from '../follow-deployment.ts';
import { environmentScope } from '../scope.ts';

/** Puts an earlier release back into service. Its image is kept, so nothing is built. */
export const command = defineCommand({
  name: 'rollback',
  group: 'Everyday',
  summary: 'Put an earlier release back into service',
  arguments: [['[release]', 'its number in `ringfort releases` (else the one before the live one)']],
  examples: [
    ['ringfort rollback -e production', 'Goes back to the release before the live one.'],
    ['ringfort rollback 7 -e production', 'Goes to release 7.'],
  ],
  input: z.object({ release: z.coerce.number().int().positive().optional() }),
  run: async (context, { release }) => {
    const scope = await environmentScope(context);
    const client = context.client();
    const body = release === undefined ? {} : { release };
    const started = await client.call('rollBack', { params: scope, body }, { signal: context.signal });
    const { url } = await client.call('readEnvironment', { params: scope }, { signal: context.signal });
    const deployment = await followDeployment(context, { ...scope, deployment: started.id });
    return reportDeployment(context, { scope, url, deployment });
  },
});
