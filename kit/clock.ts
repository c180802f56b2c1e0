/** Time comes in as an argument, so that tests decide it. Milliseconds since the Unix epoch. */
export type Clock = { readonly nowMs: () => number };

export const systemClock: Clock = { nowMs: () => Date.now() };
