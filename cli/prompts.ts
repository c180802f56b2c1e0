import { confirm, isCancel, select, text } from '@clack/prompts';
import type { Writable } from 'node:stream';

import { safeLine } from './escape-output.ts';
import { exitCodes, Failure } from './failure.ts';

/** Questions to the person at the terminal. Each rejects when the person cancels, and where nobody can be asked. */
export type Prompts = {
  readonly confirm: (question: string) => Promise<boolean>;
  readonly choose: (question: string, choices: readonly string[]) => Promise<string>;
  readonly ask: (question: string, placeholder: string) => Promise<string>;
};

/** Asks on `output`. */
export function createPrompts(output: Writable): Prompts {
  return {
    confirm: async (question) => answered<boolean>(await confirm({ message: safeLine(question), output })),
    choose: async (question, choices) => {
      const options = choices.map((value) => ({ value, label: safeLine(value) }));
      return answered<string>(await select({ message: safeLine(question), options, output }));
    },
    ask: async (question, placeholder) =>
      answered<string>(await text({ message: safeLine(question), placeholder, defaultValue: placeholder, output })),
  };
}

/** For where nobody can be asked: scripts, pipes, `--json`. */
export const noPrompts: Prompts = {
  confirm: async (question) => Promise.reject(unanswerable(question)),
  choose: async (question) => Promise.reject(unanswerable(question)),
  ask: async (question) => Promise.reject(unanswerable(question)),
};

function unanswerable(question: string): Failure {
  return new Failure(`There is nobody to answer “${question}”`, {
    exitCode: exitCodes.usage,
    fix: 'Give the answer as an option (see --help), or run the command in a terminal.',
  });
}

function answered<T extends string | boolean>(answer: T | symbol): T {
  if (isCancel(answer) || typeof answer === 'symbol')
    throw new Failure('Cancelled.', { exitCode: exitCodes.interrupted });
  return answer;
}
