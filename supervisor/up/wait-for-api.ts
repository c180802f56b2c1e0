import { readFile } from 'node:fs/promises';
import { request } from 'node:https';

import { wait } from '@ringfort/kit/wait.ts';

import type { InstancePaths } from '../instance/instance-paths.ts';
import type { InstanceSettings } from '../instance/instance-settings.ts';
import { supervisorLimits as limits } from '../limits.ts';
import { SetupFailure } from '../setup-failure.ts';

/**
 * Waits until the platform answers at its public address, through the edges as everybody's requests do: an edge that runs has no
 * certificate before it has its first snapshot. The kernel deals connections out to the edges, so several have to succeed in a row.
 */
export async function waitForApi(instance: InstanceSettings, paths: InstancePaths): Promise<void> {
  const question = { port: instance.httpsPort, ca: await readFile(paths.authorityFile, 'utf8') };
  let successes = 0;
  let problem = '';
  for (let waitedMs = 0; waitedMs < limits.apiAnswerTimeoutMs;) {
    problem = await ask(question);
    successes = problem === '' ? successes + 1 : 0;
    if (successes >= instance.edges * limits.apiAnswersPerEdge) return;
    if (problem === '') continue;
    waitedMs += limits.programPollMs;
    await wait(limits.programPollMs);
  }
  throw new SetupFailure(`All programs run, but https://localhost:${instance.httpsPort} does not answer: ${problem}`, {
    advice: `Look into the logs in ${paths.logFile('edge-0')} and ${paths.logFile('control')}.`,
  });
}

/** Empty when the API answered, with whatever status a request without a token gets; else what went wrong. */
function ask(question: { readonly port: number; readonly ca: string }): Promise<string> {
  return new Promise((resolve) => {
    const options = { host: 'localhost', path: '/v1/me', agent: false, timeout: limits.socketAnswerTimeoutMs };
    const asking = request({ ...question, ...options }, (response) => {
      response.resume();
      const { statusCode = 0 } = response;
      response.on('close', () => resolve(statusCode < 500 ? '' : `HTTP status ${statusCode}`));
    });
    asking.on('timeout', () => asking.destroy(new Error('no answer in time')));
    asking.on('error', (error) => resolve(error.message));
    asking.end();
  });
}
