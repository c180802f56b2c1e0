import { randomBytes } from 'node:crypto';

import type { Clock } from '@ringfort/kit/clock.ts';
import { uuidv7 } from '@ringfort/kit/uuid.ts';

const refillBytes = 4_096;

/** Makes request ids (UUID version 7). Randomness is drawn for many at a time: a call for each would cost more than the id. */
export function createRequestIds(clock: Clock, random: (sizeBytes: number) => Uint8Array = randomBytes): () => string {
  let pool = random(refillBytes);
  let used = 0;
  const take = (sizeBytes: number): Uint8Array => {
    if (used + sizeBytes > pool.length) {
      pool = random(refillBytes);
      used = 0;
    }
    used += sizeBytes;
    return pool.subarray(used - sizeBytes, used);
  };
  return () => uuidv7(clock.nowMs(), take);
}
