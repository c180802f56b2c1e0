import { createApiClient } from './api-client.ts';
import { commands } from './commands.ts';
import { noPrompts, type Prompts } from './prompts.ts';
import { runCommandLine } from './run-command-line.ts';
import { createTerminal } from './terminal.ts';

export type CommandLineRun = { readonly exitCode: number; readonly out: string; readonly err: string };

/** For tests: runs a command line in this process against the platform at `url` and gives what it printed. No colours, nobody to ask. */
export async function testCommandLine(words: readonly string[], surround: TestSurroundings): Promise<CommandLineRun> {
  let out = '';
  let err = '';
  const terminal = createTerminal({
    writeOut: (text) => void (out += text),
    writeError: (text) => void (err += text),
    isInteractive: surround.prompts !== undefined,
    isLive: false,
    useColor: false,
  });
  const chance = { key: () => 'key-1', fraction: () => 0 };
  const exitCode = await runCommandLine(
    {
      commands,
      version: '0.0.0',
      surroundings: { variables: { RINGFORT_URL: surround.url.href }, homes: '/nonexistent' },
      folder: surround.folder ?? '/nonexistent',
      clock: { nowMs: () => Date.parse('2026-01-01T00:05:00.000Z') },
      random: () => 0,
      signal: surround.signal ?? new AbortController().signal,
      openTerminal: () => ({ terminal, prompts: surround.prompts ?? noPrompts }),
      openClient: () => createApiClient({ url: surround.url, token: 'rf_test', ca: undefined }, chance),
    },
    words,
  );
  return { exitCode, out, err };
}

export type TestSurroundings = {
  readonly url: URL;
  readonly folder?: string;
  /** Present: there is somebody to ask. */
  readonly prompts?: Prompts;
  readonly signal?: AbortSignal;
};
