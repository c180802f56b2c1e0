import { z } from 'zod';

import { Stage } from '@ringfort/contracts/api/environments.ts';

import { defineCommand } from '../command.ts';
import { stageOf } from '../ensure-environment.ts';
import { printDone } from '../print-list.ts';
import { projectScope } from '../scope.ts';

const Input = z.object({
  name: z.string(),
  stage: Stage.optional(),
  criticality: z.enum(['critical', 'noncritical']).optional(),
});

export const command = defineCommand({
  name: 'environment:create',
  group: 'Projects and environments',
  summary: 'Make an environment with a network, services, data and an address of its own',
  arguments: [['<name>', 'its name, which ends its address']],
  options: [
    ['--stage <stage>', `${Stage.options.join(', ')} (else by its name)`],
    ['--criticality <level>', 'critical or noncritical (else critical for production)'],
  ],
  examples: [['ringfort environment:create staging -p shop', 'Its address begins with shop-staging.']],
  input: Input,
  run: async (context, { name, stage = stageOf(name), criticality }) => {
    const params = await projectScope(context);
    const body = { slug: name, stage, ...(criticality === undefined ? {} : { criticality }) };
    const made = await context.client().call('createEnvironment', { params, body });
    return printDone(context, made, `Made ${params.project}/${made.slug} (${made.stage}) at ${made.url}`);
  },
});
