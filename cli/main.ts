import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';

import { systemClock } from '@ringfort/kit/clock.ts';
import { z } from 'zod';

import { createApiClient } from './api-client.ts';
import { commands } from './commands.ts';
import { apiAddress, surroundings } from './config.ts';
import { createPrompts, noPrompts } from './prompts.ts';
import { runCommandLine } from './run-command-line.ts';
import { createTerminal } from './terminal.ts';

const { version } = z
  .object({ version: z.string() })
  .parse(JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8')));

const interrupted = new AbortController();
process.once('SIGINT', () => interrupted.abort());
process.once('SIGTERM', () => interrupted.abort());
// A reader that has seen enough (`| head`) is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));

const noColor = (process.env['NO_COLOR'] ?? '') !== '' || process.env['TERM'] === 'dumb';

process.exitCode = await runCommandLine(
  {
    commands,
    version,
    surroundings,
    folder: process.cwd(),
    clock: systemClock,
    random: () => Math.random(),
    signal: interrupted.signal,
    openTerminal: ({ json }) => {
      const isInteractive = process.stdin.isTTY && process.stderr.isTTY && !json;
      const terminal = createTerminal({
        writeOut: (text) => process.stdout.write(text),
        writeError: (text) => process.stderr.write(text),
        isInteractive,
        isLive: process.stderr.isTTY,
        useColor: process.stdout.isTTY && process.stderr.isTTY && !noColor,
      });
      return { terminal, prompts: isInteractive ? createPrompts(process.stderr) : noPrompts };
    },
    openClient: ({ instance }) =>
      createApiClient(apiAddress(surroundings, instance), { key: randomUUID, fraction: () => Math.random() }),
  },
  process.argv.slice(2),
);
