import type { CommandContext } from './command.ts';
import { exitCodes, Failure } from './failure.ts';

/** Lets the person type the name of what is deleted for good; scripts give it as `--confirm`. */
export async function askToDelete(context: CommandContext, what: string, confirm: Confirmation): Promise<void> {
  const given =
    confirm.given ??
    (context.terminal.isInteractive
      ? await context.prompts.ask(`${what} Type “${confirm.name}” to go on`, '')
      : undefined);
  if (given === confirm.name) return;
  throw new Failure(given === undefined ? what : `“${given}” is not “${confirm.name}”; nothing was deleted.`, {
    exitCode: exitCodes.usage,
    fix: `Add --confirm ${confirm.name} to go on.`,
  });
}

export type Confirmation = { readonly name: string; readonly given: string | undefined };
