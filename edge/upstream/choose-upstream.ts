import { edgeLimits } from '../limits.ts';
import type { Upstream } from './upstream.ts';

/**
 * The replica with the fewest open requests; among equals the next in turn. One that just refused a connection is passed over
 * while there is another, and so is `except`, where a request has failed already. Undefined: none, or all are full.
 */
export function chooseUpstream(upstreams: readonly Upstream[], options: ChooseOptions): Upstream | undefined {
  let best: Upstream | undefined;
  let bestCost = Infinity;
  const count = upstreams.length;
  for (let index = 0; index < count; index += 1) {
    const upstream = upstreams[(index + options.turn) % count];
    if (upstream === undefined || upstream.open >= edgeLimits.upstreamOpenMax) continue;
    const cost = upstream.open + passedOver(upstream, options);
    if (cost >= bestCost) continue;
    best = upstream;
    bestCost = cost;
  }
  return best;
}

export type ChooseOptions = {
  /** Any number that differs from request to request. */
  readonly turn: number;
  readonly nowMs: number;
  readonly except?: Upstream | undefined;
};

function passedOver(upstream: Upstream, { nowMs, except }: ChooseOptions): number {
  if (upstream === except) return 2 * edgeLimits.upstreamOpenMax;
  return upstream.restsUntilMs > nowMs ? edgeLimits.upstreamOpenMax : 0;
}
