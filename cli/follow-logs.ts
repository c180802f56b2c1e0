import type { LogEvent } from '@ringfort/contracts/agent-requests.ts';
import type { z } from 'zod';

import type { CommandContext } from './command.ts';
import { safeLine } from './escape-output.ts';
import { limits } from './limits.ts';
import type { EnvironmentScope } from './scope.ts';
import type { Style, Terminal } from './terminal.ts';
import { throughOutages } from './through-outages.ts';

type Line = z.output<typeof LogEvent>;

export type LogRequest = {
  readonly params: EnvironmentScope;
  readonly component?: string | undefined;
  readonly tail: number;
  readonly follow: boolean;
  readonly print: (line: Line) => void;
};

/**
 * Gives the last lines, and goes on with `follow` until the user interrupts, through restarts of the platform: after one, lines up to the time
 * of the last one shown are left out.
 */
export async function followLogs(context: CommandContext, request: LogRequest): Promise<void> {
  const client = context.client();
  let shownAt = '';
  const options = { signal: context.signal, silenceMs: request.follow ? 0 : limits.answerTimeoutMs };
  await throughOutages(context, async (alive) => {
    const shownBefore = shownAt;
    const query = {
      tailLines: shownBefore === '' ? request.tail : limits.logLinesAfterOutage,
      follow: String(request.follow),
      ...(request.component === undefined ? {} : { component: request.component }),
    };
    for await (const line of client.stream('streamLogs', { params: request.params, query }, options)) {
      alive();
      if (shownBefore !== '' && line.at <= shownBefore) continue;
      request.print(line);
      shownAt = line.at > shownAt ? line.at : shownAt;
    }
    return request.follow ? undefined : true;
  });
}

/** Prints lines with where they come from before them, in a colour of its own each. */
export function logPrinter(terminal: Terminal): (line: Line) => void {
  const colors = new Map<string, Style>();
  return (line) => {
    const color = colors.get(line.source) ?? palette[colors.size % palette.length] ?? 'cyan';
    colors.set(line.source, color);
    const time = line.at.slice(11, 19);
    const source = terminal.paint(color, safeLine(line.source).padEnd(12));
    const text = safeLine(line.line);
    const shown = line.stream === 'platform' ? terminal.paint('dim', text) : text;
    terminal.print(`${terminal.paint('dim', time)} ${source} ${shown}`);
  };
}

const palette = ['cyan', 'green', 'yellow'] as const;
