import type { Domain } from '@ringfort/contracts/api/domains.ts';

import type { CommandContext } from './command.ts';
import { safeLine } from './escape-output.ts';
import { exitCodes } from './failure.ts';

/** A domain and, while it is not proved, the record to publish. Gives the exit code: 1 when it had to be proved and is not. */
export function printDomain(
  { terminal, globals }: CommandContext,
  domain: Domain,
  options: { readonly mustBeProven: boolean } = { mustBeProven: false },
): number {
  const isProven = domain.state === 'proven';
  if (globals.json) terminal.printJson(domain);
  else if (isProven) terminal.note(`${terminal.paint('green', '✓')} ${domain.hostname} is yours and is served`);
  else {
    terminal.note(`${terminal.paint('yellow', '?')} ${domain.hostname} is not proved yet. Publish this TXT record:`);
    terminal.print(`${safeLine(domain.proof.name)}  TXT  ${safeLine(domain.proof.value)}`);
    terminal.note(`  Then run \`ringfort domain:verify ${domain.hostname}\`.`);
  }
  return options.mustBeProven && !isProven ? exitCodes.failed : exitCodes.ok;
}
