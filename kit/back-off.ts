/**
 * Exponential back-off with full jitter (the delay is drawn evenly from 0 to the ceiling), so that many callers that failed
 * together do not come back together. `attempt` counts from 0; `random` gives [0, 1). Result in milliseconds.
 */
export function backOffMs(attempt: number, options: BackOff): number {
  const ceilingMs = Math.min(options.delayMsMax, options.delayMsMin * 2 ** Math.min(attempt, 30));
  return options.delayMsMin + Math.floor((ceilingMs - options.delayMsMin) * options.random());
}

export type BackOff = {
  readonly delayMsMin: number;
  readonly delayMsMax: number;
  readonly random: () => number;
};
