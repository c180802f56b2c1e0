import { z } from 'zod';

import { defineCommand } from '../command.ts';
import { startProgram } from '../start-program.ts';

export const command = defineCommand({
  name: 'test',
  group: 'The platform',
  summary: 'Run the tests of this repository on this machine',
  arguments: [['[options...]', 'suites and options; see `ringfort test --help`']],
  examples: [],
  passesArgumentsOn: true,
  input: z.object({ words: z.array(z.string()) }),
  run: async (context, { words }) => startProgram(context, ['tools/test.ts', ...words]),
});
