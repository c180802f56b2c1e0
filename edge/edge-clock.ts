import type { Clock } from '@ringfort/kit/clock.ts';

/** Beside the time of day, a clock for durations that no correction of the time sets back. */
export type EdgeClock = Clock & { readonly monotonicMs: () => number };

export const systemEdgeClock: EdgeClock = { nowMs: () => Date.now(), monotonicMs: () => performance.now() };
