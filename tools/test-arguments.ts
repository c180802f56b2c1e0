import type { Suite } from './test-suites.ts';

/** What to run, or what is wrong with the way it was asked for. */
export type Arguments =
  | { readonly suites: readonly Suite[]; readonly paths: readonly string[]; readonly isFull: boolean }
  | { readonly problem: string };

/** Reads the arguments of the test command: names of suites, paths (they hold a slash or a dot) and `--full`. */
export function parseArguments(args: readonly string[], suites: readonly Suite[]): Arguments {
  const isPath = (arg: string): boolean => /[./]/u.test(arg);
  const names = args.filter((arg) => !isPath(arg) && arg !== '--full');
  const unknown = names.find((name) => !suites.some((suite) => suite.name === name));
  if (unknown !== undefined) {
    const known = suites.map((suite) => suite.name).join(', ');
    return {
      problem: `There is no suite "${unknown}". The suites are ${known}; a path narrows them, --full adds the long tests.`,
    };
  }
  const chosen = names.length === 0 ? suites : suites.filter((suite) => names.includes(suite.name));
  return { suites: chosen, paths: args.filter(isPath), isFull: args.includes('--full') };
}
