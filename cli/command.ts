import type { Clock } from '@ringfort/kit/clock.ts';
import { z } from 'zod';

import type { ApiClient } from './api-client.ts';
import type { Surroundings } from './config.ts';
import { exitCodes, Failure } from './failure.ts';
import type { Prompts } from './prompts.ts';
import type { Terminal } from './terminal.ts';

/** Headings of `ringfort --help`, in their order. */
export const commandGroups = [
  'Everyday',
  'The platform',
  'Projects and environments',
  'Domains',
  'Access and audit',
] as const;

/** A command of the command line. Each file in `commands/` exports one, as `command`. */
export type Command = {
  /** A verb (`deploy`), or `<noun>:<verb>` for all but the everyday ones. */
  readonly name: string;
  readonly group: (typeof commandGroups)[number];
  readonly summary: string;
  /** Positional arguments in Commander's form (`[folder]`) with what they mean. */
  readonly arguments: readonly Described[];
  readonly options: readonly Described[];
  /** Whole command lines with what they do. */
  readonly examples: readonly Described[];
  /** Everything after the name belongs to the program that the command starts. */
  readonly passesArgumentsOn: boolean;
  /** Resolves with the exit code; rejects with a `Problem` or a `Failure`. */
  readonly run: (context: CommandContext, input: unknown) => Promise<number>;
};

export type Described = readonly [form: string, meaning: string];

/** The options that every command takes. */
export const Globals = z.object({
  json: z.boolean().default(false),
  instance: z.string().optional(),
  workspace: z.string().default('main'),
  project: z.string().optional(),
  environment: z.string().optional(),
});
export type Globals = z.infer<typeof Globals>;

/** All that a command may use of the world. */
export type CommandContext = {
  readonly globals: Globals;
  readonly terminal: Terminal;
  readonly prompts: Prompts;
  /** The client for the platform that is meant; made at the first call. */
  readonly client: () => ApiClient;
  readonly surroundings: Surroundings;
  /** The folder that the command was started in. */
  readonly folder: string;
  readonly clock: Clock;
  readonly random: () => number;
  /** Aborted when the user interrupts. */
  readonly signal: AbortSignal;
};

/** Declares a command; what the user typed is checked with `input` before `run` sees it. */
export function defineCommand<S extends z.ZodType>(definition: Definition<S>): Command {
  return {
    arguments: [],
    options: [],
    passesArgumentsOn: false,
    ...definition,
    run: async (context, input) => definition.run(context, parseInput(definition.input, input)),
  };
}

type Definition<S extends z.ZodType> = Pick<Command, 'name' | 'group' | 'summary' | 'examples'> &
  Partial<Pick<Command, 'arguments' | 'options' | 'passesArgumentsOn'>> & {
    readonly input: S;
    readonly run: (context: CommandContext, input: z.output<S>) => Promise<number>;
  };

function parseInput<S extends z.ZodType>(schema: S, input: unknown): z.output<S> {
  const parsed = z.safeParse(schema, input);
  if (parsed.success) return parsed.data;
  const wrong = parsed.error.issues.map((issue) => `${issue.path.map(String).join('.')}: ${issue.message}`);
  throw new Failure(`The command cannot be run like this (${wrong.join('; ')}).`, {
    exitCode: exitCodes.usage,
    fix: 'Add --help to see what it takes.',
  });
}
