import type { CommandContext } from './command.ts';
import { safeLine } from './escape-output.ts';
import { exitCodes } from './failure.ts';
import { table } from './table.ts';

/** A list for people as a table, or as JSON. Cells are made safe here. Gives the exit code. */
export function printList<T>(context: CommandContext, list: List<T>): number {
  const { terminal, globals } = context;
  if (globals.json) {
    terminal.printJson(list.items);
    return exitCodes.ok;
  }
  if (list.items.length === 0) {
    terminal.note(list.empty);
    return exitCodes.ok;
  }
  const rows = list.items.map((item) => list.row(item).map(safeLine));
  const [header = '', ...lines] = table(list.header, rows);
  terminal.print(terminal.paint('dim', header));
  for (const line of lines) terminal.print(line);
  return exitCodes.ok;
}

export type List<T> = {
  readonly items: readonly T[];
  readonly header: readonly string[];
  readonly row: (item: T) => readonly string[];
  /** What to say when there is nothing. */
  readonly empty: string;
};

/** One thing that was made or changed: as JSON, or in words on error output. Gives the exit code. */
export function printDone(context: CommandContext, value: unknown, words: string): number {
  if (context.globals.json) context.terminal.printJson(value ?? null);
  else context.terminal.note(`${context.terminal.paint('green', '✓')} ${safeLine(words)}`);
  return exitCodes.ok;
}
