import type { Route } from '@ringfort/contracts/route.ts';

/** Refuses a handler of the wrong kind when the program starts: a stream is not served by what answers once. */
export function requireTransport(route: Route, transport: Route['transport']): void {
  if (route.transport === transport) return;
  throw new Error(`${route.name} is ${route.transport} and cannot be served by a handler for ${transport}`);
}
