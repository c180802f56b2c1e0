import { z } from 'zod';

import { defineCommand } from '../command.ts';
import { startProgram } from '../start-program.ts';

export const command = defineCommand({
  name: 'down',
  group: 'The platform',
  summary: 'Stop the platform and keep its data',
  arguments: [['[options...]', 'see `ringfort down --help`']],
  examples: [],
  passesArgumentsOn: true,
  input: z.object({ words: z.array(z.string()) }),
  run: async (context, { words }) => startProgram(context, ['supervisor/main.ts', 'down', ...words]),
});
