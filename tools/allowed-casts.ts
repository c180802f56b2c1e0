/** A function that may hold one kind of cast, and why nothing else would do. */
export type AllowedCast = { readonly path: string; readonly name: string; readonly reason: string };

/**
 * Every cast of the project other than `as const`. Each stands in a named function of its own. An entry without its
 * cast is refused, so the list can only shrink with the code; adding one needs a reason that a reviewer believes.
 */
export const allowedCasts: readonly AllowedCast[] = [
  {
    path: 'control/admit-request.ts',
    name: 'asInput',
    reason: 'the route’s own schemas have just produced the three parts; a generic list cannot carry that in its type',
  },
  {
    path: 'control/features/controls/sandbox.ts',
    name: 'asOutput',
    reason: 'the route’s own schema has just produced it; parse() of a generic schema gives unknown',
  },
];
