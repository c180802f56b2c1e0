import { parseNetwork, type Network } from './network.ts';

/**
 * The first /16 from 10.64.0.0 upwards, beginning at the instance's own number, that touches none of `taken` (the host's addresses and
 * routes, other instances' networks). Undefined when all 192 are taken.
 */
export function chooseNetwork(index: number, taken: readonly Network[]): string | undefined {
  const candidates = Array.from({ length: count }, (_, step) => `10.${first + ((index + step) % count)}.0.0/16`);
  return candidates.find((candidate) => {
    const network = parseNetwork(candidate);
    return !taken.some((other) => network.from <= other.to && other.from <= network.to);
  });
}

const first = 64;
const count = 192;
