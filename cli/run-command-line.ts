import { Command as Commander, CommanderError } from 'commander';

import type { ApiClient } from './api-client.ts';
import { commandGroups, Globals, type Command, type CommandContext } from './command.ts';
import { exitCodes } from './failure.ts';
import { printError } from './print-error.ts';

/** What the command line gets from the process; the rest of a command's context comes from the options. */
export type CommandLine = Omit<CommandContext, 'globals' | 'client' | 'terminal' | 'prompts'> & {
  readonly commands: readonly Command[];
  readonly version: string;
  readonly openTerminal: (globals: Globals) => Pick<CommandContext, 'terminal' | 'prompts'>;
  readonly openClient: (globals: Globals) => ApiClient;
};

/** Runs the command that the arguments name (without those of Node) and gives the exit code. */
export async function runCommandLine(line: CommandLine, words: readonly string[]): Promise<number> {
  let exitCode: number = exitCodes.ok;
  const program = createProgram(line, async (command, call) => {
    exitCode = await runCommand(line, command, call);
  });
  try {
    await program.parseAsync(askForHelp(words), { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
  }
  return exitCode;
}

/** `ringfort` and `ringfort help` show the help, `ringfort help deploy` that of a command. */
function askForHelp(words: readonly string[]): readonly string[] {
  const [first, second] = words;
  if (first === undefined) return ['--help'];
  if (first !== 'help') return words;
  return second === undefined ? ['--help'] : [second, '--help'];
}

type Call = { readonly globals: unknown; readonly input: unknown };

async function runCommand(line: CommandLine, command: Command, call: Call): Promise<number> {
  const globals = Globals.parse(call.globals);
  const terminal = line.openTerminal(globals);
  let client: ApiClient | undefined;
  try {
    return await command.run(
      { ...line, ...terminal, globals, client: () => (client ??= line.openClient(globals)) },
      call.input,
    );
  } catch (error) {
    return printError(terminal.terminal, error);
  } finally {
    await client?.close();
  }
}

type Act = (command: Command, call: Call) => Promise<void>;

function createProgram(line: CommandLine, act: Act): Commander {
  const { terminal } = line.openTerminal(Globals.parse({}));
  const program = new Commander('ringfort')
    .description('Hosts web applications, isolated from each other, and proves it.')
    .version(line.version, '--version')
    .exitOverride()
    .enablePositionalOptions(false)
    .configureOutput({
      writeOut: (text) => terminal.print(text.replace(/\n$/, '')),
      writeErr: (text) => terminal.note(text.replace(/\n$/, '')),
    })
    .showHelpAfterError('Add --help to see what it takes.')
    .helpCommand(false);
  addGlobals(program);
  for (const group of commandGroups)
    for (const command of line.commands.filter((each) => each.group === group)) addCommand(program, command, act);
  return program;
}

function addGlobals(program: Commander): void {
  program
    .option('--json', 'print results as JSON')
    .option('--instance <name>', 'the instance on this machine (RINGFORT_INSTANCE, else default)')
    .option('--workspace <name>', 'the workspace (else main)')
    .option('-p, --project <name>', 'the project (else the name in ringfort.yaml)')
    .option('-e, --environment <name>', 'the environment');
}

function addCommand(program: Commander, command: Command, act: Act): void {
  const child = program.command(command.name).summary(command.summary).description(`${command.summary}.`);
  child.helpGroup(`${command.group}:`);
  for (const [form, meaning] of command.arguments) child.argument(form, meaning);
  for (const [form, meaning] of command.options) child.option(form, meaning);
  if (command.passesArgumentsOn) child.allowUnknownOption().allowExcessArguments().helpOption(false);
  else addHelp(child, command);
  child.action(async () => {
    const positional = child.registeredArguments.map(
      (argument, index) => [argument.name(), toUnknown(child.processedArgs[index])] as const,
    );
    const words = command.passesArgumentsOn ? [['words', child.args] as const] : [];
    const input = new Map<string, unknown>([...Object.entries<unknown>(child.opts()), ...positional, ...words]);
    await act(command, { globals: toUnknown(program.opts()), input: Object.fromEntries(input) });
  });
}

function addHelp(child: Commander, command: Command): void {
  child.configureHelp({ showGlobalOptions: true });
  if (command.examples.length === 0) return;
  const lines = command.examples.map(([form, meaning]) => `  ${form}\n      ${meaning}`);
  child.addHelpText('after', `\nExamples:\n${lines.join('\n')}\n`);
}

function toUnknown(value: unknown): unknown {
  return value;
}
