import type { Deployment, DeploymentEvent } from '@ringfort/contracts/api/deployments.ts';
import { deploymentSteps, type DeploymentState } from '@ringfort/contracts/deployment-step.ts';

import type { CommandContext } from './command.ts';
import { safeLine } from './escape-output.ts';
import { exitCodes } from './failure.ts';
import { limits } from './limits.ts';
import type { EnvironmentScope } from './scope.ts';
import { throughOutages } from './through-outages.ts';

/**
 * Shows a deployment's steps and build log as they come, until it has ended, and gives how it ended. It goes on through restarts of the
 * platform: the events are stored, so those already shown are left out when the stream begins again.
 */
export async function followDeployment(
  context: CommandContext,
  target: EnvironmentScope & { readonly deployment: string },
): Promise<Deployment> {
  const client = context.client();
  const show = eventPrinter(context);
  const sayThatItGoesOn = (): void => context.terminal.note('The deployment goes on; see `ringfort status`.');
  context.signal.addEventListener('abort', sayThatItGoesOn, { once: true });
  let shown = 0;
  return throughOutages(context, async (alive) => {
    let position = 0;
    const input = { params: target, query: { follow: 'true' } };
    const options = { signal: context.signal, silenceMs: limits.answerTimeoutMs };
    for await (const event of client.stream('streamDeployment', input, options)) {
      alive();
      position += 1;
      if (position > shown) show(event);
      shown = Math.max(shown, position);
    }
    const deployment = await client.call('readDeployment', { params: target }, { signal: context.signal });
    alive();
    return isUnderWay(deployment.state) ? undefined : deployment;
  });
}

/** Says how a deployment ended, with the address where it went well, and gives the exit code. */
export function reportDeployment(context: CommandContext, end: DeploymentEnd): number {
  const { terminal, globals } = context;
  const { deployment, url } = end;
  if (globals.json) terminal.printJson({ ...end.scope, url, deployment });
  const isLive = deployment.state === 'succeeded';
  if (isLive && !globals.json) {
    terminal.note(terminal.paint('green', `✓ Live in ${end.scope.project}/${end.scope.environment}`));
    terminal.print(safeLine(url));
  }
  if (!isLive) {
    const what = deployment.state === 'superseded' ? 'A newer deployment took its place' : 'The deployment failed';
    const why = deployment.message === '' ? '' : `: ${safeLine(deployment.message)}`;
    terminal.note(terminal.paint('red', `✗ ${what}${why}`));
    terminal.note('  What was live before keeps its traffic.');
  }
  return isLive ? exitCodes.ok : exitCodes.failed;
}

export type DeploymentEnd = {
  readonly scope: EnvironmentScope;
  readonly url: string;
  readonly deployment: Deployment;
};

/** Says whether a deployment in this state still goes on. */
export function isUnderWay(state: DeploymentState): boolean {
  return deploymentSteps.some((step) => step === state);
}

/** Prints events: each step's name once, the lines below it. */
export function eventPrinter({ terminal }: CommandContext): (event: DeploymentEvent) => void {
  let current = '';
  return (event) => {
    if (event.state !== current && isUnderWay(event.state)) terminal.note(terminal.paint('cyan', `● ${event.state}`));
    current = event.state;
    if (event.line !== '' && isUnderWay(event.state)) terminal.note(`  ${safeLine(event.line)}`);
  };
}
