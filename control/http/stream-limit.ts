import { Problem } from '@ringfort/contracts/problem.ts';

import { controlLimits } from '../limits.ts';

/**
 * Counts the open streams of each token in this process. Taking one too many throws the Problem `too-many-requests`; the result gives
 * the place back, once.
 */
export function createStreamLimit(): (tokenId: string) => () => void {
  const open = new Map<string, number>();
  return (tokenId) => {
    const count = open.get(tokenId) ?? 0;
    if (count >= controlLimits.streamsPerTokenMax) {
      throw new Problem('too-many-requests', `This token follows ${count} streams already. Close one first.`);
    }
    open.set(tokenId, count + 1);
    return () => {
      const left = (open.get(tokenId) ?? 1) - 1;
      if (left > 0) open.set(tokenId, left);
      else open.delete(tokenId);
    };
  };
}
