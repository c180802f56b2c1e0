import { problemCatalogue } from '@ringfort/contracts/problem-catalogue.ts';
import { Problem } from '@ringfort/contracts/problem.ts';

import { safeLine } from './escape-output.ts';
import { exitCodes, Failure } from './failure.ts';
import { RemoteProblem } from './remote-problem.ts';
import type { Terminal } from './terminal.ts';

/** Says on error output what went wrong and what to do about it, and gives the exit code. A bug is thrown on. */
export function printError(terminal: Terminal, error: unknown): number {
  if (error instanceof Problem) return printProblem(terminal, error);
  if (error instanceof Failure) return printFailure(terminal, error);
  if (error instanceof Error && error.name === 'AbortError') return exitCodes.interrupted;
  const system = systemMessage(error);
  if (system === undefined) throw error;
  return printFailure(terminal, new Failure(system));
}

function printProblem(terminal: Terminal, problem: Problem): number {
  terminal.note(`${terminal.paint('red', '✗')} ${safeLine(problem.detail)}`);
  for (const field of problem.fields) terminal.note(`  ${safeLine(field.path)}: ${safeLine(field.message)}`);
  terminal.note(terminal.paint('dim', `  ${problemCatalogue[problem.code].fix} (${problem.code})`));
  const requestId = problem instanceof RemoteProblem ? problem.requestId : undefined;
  if (requestId !== undefined) terminal.note(terminal.paint('dim', `  Request ${safeLine(requestId)}`));
  return problem.code === 'agent-unavailable' || problem.code === 'database-unavailable'
    ? exitCodes.unavailable
    : exitCodes.failed;
}

function printFailure(terminal: Terminal, failure: Failure): number {
  const [first = '', ...rest] = failure.message.split('\n').map(safeLine);
  terminal.note(`${terminal.paint('red', '✗')} ${first}`);
  for (const line of rest) terminal.note(line);
  if (failure.fix !== undefined) terminal.note(terminal.paint('dim', `  ${failure.fix}`));
  return failure.exitCode;
}

/** Errors of the operating system about the user's own files say enough by themselves. */
function systemMessage(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error) || !('path' in error)) return undefined;
  return `${String(error.path)} cannot be used (${String(error.code)}).`;
}
