import { Problem } from '@ringfort/contracts/problem.ts';
import { z } from 'zod';

import { agentLimits as limits } from '../limits.ts';

const Offset = z.number().int().min(limits.addressOffsetMin).max(limits.addressOffsetMax);

/**
 * The addresses of one environment, as offsets in its subnet: who has which, and the free ones in the order in which they became
 * free. An address is handed out again only after all the others, so that an old snapshot or socket meets nobody.
 */
export const Addresses = z.strictObject({
  v: z.literal(1),
  assigned: z.record(z.string(), Offset),
  resting: z.array(Offset),
});
export type Addresses = z.infer<typeof Addresses>;

/** Nobody has an address yet. */
export function freshAddresses(): Addresses {
  const { addressOffsetMin: from, addressOffsetMax: to } = limits;
  return { v: 1, assigned: {}, resting: Array.from({ length: to - from + 1 }, (_, index) => from + index) };
}

/** Gives an address to each key that has none. Throws `state-conflict` when there are not enough. */
export function allotAddresses(addresses: Addresses, keys: readonly string[]): Addresses {
  const wanting = keys.filter((key) => !Object.hasOwn(addresses.assigned, key));
  if (wanting.length === 0) return addresses;
  if (wanting.length > addresses.resting.length) {
    const all = limits.addressOffsetMax - limits.addressOffsetMin + 1;
    throw new Problem(
      'state-conflict',
      `The environment has ${all} addresses, which are all in use. Run fewer replicas.`,
    );
  }
  const given = wanting.map((key, index) => [key, addresses.resting[index] ?? 0] as const);
  return {
    v: 1,
    assigned: { ...addresses.assigned, ...Object.fromEntries(given) },
    resting: addresses.resting.slice(wanting.length),
  };
}

/** Takes the addresses back that `isOver` names by their key; they rest behind all others. */
export function releaseAddresses(addresses: Addresses, isOver: (key: string) => boolean): Addresses {
  const all = Object.entries(addresses.assigned);
  const over = all.filter(([key]) => isOver(key));
  if (over.length === 0) return addresses;
  return {
    v: 1,
    assigned: Object.fromEntries(all.filter(([key]) => !isOver(key))),
    resting: [...addresses.resting, ...over.map(([, offset]) => offset)],
  };
}
