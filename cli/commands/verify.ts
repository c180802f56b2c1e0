import { z } from 'zod';

import { defineCommand, type CommandContext } from '../command.ts';
import { controlPrinter, countStates } from '../control-printer.ts';
import {
  addEvent,
  breakExitCode,
  breakResults,
  emptyRun,
  verifiedResults,
  verifyExitCode,
  type ControlRun,
} from '../control-run.ts';
import { exitCodes, Failure } from '../failure.ts';

const Input = z.object({ id: z.array(z.string()).default([]), break: z.boolean().default(false) });

/** Runs the controls now and shows what they saw. */
export const command = defineCommand({
  name: 'verify',
  group: 'Everyday',
  summary: 'Prove the platform’s promises now, by running their controls',
  arguments: [['[id...]', 'of these controls alone']],
  options: [
    ['--break', 'break what each control watches, in a throw-away workspace, and see it turn red and green again'],
  ],
  examples: [
    ['ringfort verify', 'Ends with 0 when all pass, 1 when one fails or is stale, 2 when only unknowns remain.'],
    ['ringfort verify --json isolation.environment', 'The result with all its evidence.'],
    ['ringfort verify --break', 'Ends with 0 when every control was seen to fail.'],
  ],
  input: Input,
  run: async (context, input) => {
    const ids = await chooseControls(context, input.id);
    const mode = input.break ? 'break' : 'verify';
    const run = await follow(context, { ids: input.id, mode });
    return input.break ? reportBreak(context, run, ids) : reportVerify(context, run, ids);
  },
});

async function chooseControls(context: CommandContext, asked: readonly string[]): Promise<readonly string[]> {
  const { items } = await context.client().call('listControls', {}, { signal: context.signal });
  const all = items.map(({ id }) => id);
  const unknown = asked.find((id) => !all.includes(id));
  if (unknown === undefined) return asked.length === 0 ? all : asked;
  throw new Failure(`There is no control “${unknown}”.`, {
    exitCode: exitCodes.usage,
    fix: `There are: ${all.toSorted().join(', ')}.`,
  });
}

async function follow(
  context: CommandContext,
  body: { readonly ids: readonly string[]; readonly mode: 'verify' | 'break' },
): Promise<ControlRun> {
  const { terminal, globals, signal } = context;
  const show = controlPrinter(terminal);
  let run = emptyRun;
  const input = { body: { ...body, ids: [...body.ids] } };
  for await (const event of context.client().stream('runControls', input, { signal })) {
    run = addEvent(run, event);
    if (!globals.json || event.type === 'progress') show(event);
  }
  terminal.progress('');
  return run;
}

function reportVerify({ terminal, globals }: CommandContext, run: ControlRun, ids: readonly string[]): number {
  const results = verifiedResults(run, ids);
  if (globals.json) terminal.printJson(results);
  else {
    for (const { id } of results.filter(({ checkedAt }) => checkedAt === null))
      if (!run.results.has(id)) terminal.print(terminal.paint('yellow', `? unknown  ${id}  the run gave no result`));
    terminal.print('');
    terminal.print(results.length === 0 ? 'There are no controls.' : countStates(results));
  }
  return verifyExitCode(results);
}

function reportBreak({ terminal, globals }: CommandContext, run: ControlRun, ids: readonly string[]): number {
  const results = breakResults(run, ids);
  if (globals.json) terminal.printJson(results);
  else {
    for (const { id, message } of results.filter(({ ableToFail }) => ableToFail === null))
      terminal.print(terminal.paint('yellow', `? ${id}  ${message}`));
    const proved = results.filter(({ ableToFail }) => ableToFail === true).length;
    terminal.print('');
    terminal.print(`${proved} of ${results.length} controls were seen to fail and to recover`);
  }
  return breakExitCode(results);
}
