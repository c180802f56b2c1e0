import { Problem } from '@ringfort/contracts/problem.ts';
import type { Clock } from '@ringfort/kit/clock.ts';

import { controlLimits as limits } from '../limits.ts';

/**
 * A token bucket for each token: a burst, and so many requests a second. Kept by this process alone. Taking from an empty one throws
 * the Problem `too-many-requests`.
 */
export function createRateLimit(clock: Clock): (tokenId: string) => void {
  const buckets = new Map<string, Bucket>();
  return (tokenId) => {
    const nowMs = clock.nowMs();
    const before = buckets.get(tokenId) ?? { left: limits.requestBurstMax, atMs: nowMs };
    const refilled = before.left + ((nowMs - before.atMs) / 1_000) * limits.requestsPerSecondMax;
    const left = Math.min(limits.requestBurstMax, refilled) - 1;
    // Put at the end, so that the first one is the one unused for longest.
    buckets.delete(tokenId);
    buckets.set(tokenId, { left: Math.max(left, 0), atMs: nowMs });
    const [oldest] = buckets.keys();
    if (buckets.size > limits.rateBucketsMax && oldest !== undefined) buckets.delete(oldest);
    if (left < 0) throw new Problem('too-many-requests', 'This token sends too many requests. Wait a second.');
  };
}

type Bucket = { readonly left: number; readonly atMs: number };
