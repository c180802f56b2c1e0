import type { Driver } from '@ringfort/drivers/driver.ts';
import { backOffMs } from '@ringfort/kit/back-off.ts';
import type { Log } from '@ringfort/kit/log.ts';
import { wait } from '@ringfort/kit/wait.ts';

import { agentLimits as limits } from './limits.ts';

/** Makes the driver ready for work. The engine may come up later than the agent, so it is tried until it succeeds; undefined once the signal is aborted. */
export async function prepareDriver(
  create: () => Promise<Driver>,
  options: PrepareOptions,
): Promise<Driver | undefined> {
  const { prepareDelayMsMin: delayMsMin, prepareDelayMsMax: delayMsMax } = limits;
  for (let attempt = 0; !options.signal.aborted; attempt += 1) {
    try {
      const driver = await create();
      await driver.prepare();
      return driver;
    } catch (error) {
      options.log.warn('The engine is not ready; trying again', { attempt, error });
      await wait(backOffMs(attempt, { delayMsMin, delayMsMax, random: options.random }), options.signal);
    }
  }
  return undefined;
}

export type PrepareOptions = {
  readonly random: () => number;
  readonly log: Log;
  readonly signal: AbortSignal;
};
