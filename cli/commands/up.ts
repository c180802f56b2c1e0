import { z } from 'zod';

import { defineCommand } from '../command.ts';
import { startProgram } from '../start-program.ts';

export const command = defineCommand({
  name: 'up',
  group: 'The platform',
  summary: 'Start the platform on this machine',
  arguments: [['[options...]', 'see `ringfort up --help`']],
  examples: [],
  passesArgumentsOn: true,
  input: z.object({ words: z.array(z.string()) }),
  run: async (context, { words }) => startProgram(context, ['supervisor/main.ts', 'up', ...words]),
});
