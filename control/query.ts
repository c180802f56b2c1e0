import type { z } from 'zod';

import type { Route } from '@ringfort/contracts/route.ts';

import { admitRequest, parseInput } from './admit-request.ts';
import type { Transaction } from './db/transaction.ts';
import { requireTransport } from './require-transport.ts';
import type { ControlServices, RequestContext, RouteHandler, RouteInput } from './route-handler.ts';

/** A route that reads: permission and input are checked as for an operation, then `run` gets a read-only transaction. */
export function query<R extends Route>(route: R, definition: QueryDefinition<R>): RouteHandler<R> {
  requireTransport(route, 'json');
  return {
    route,
    handle: async (request, services) => {
      const context = await admitRequest(route, request, services);
      const answer = await context.read((tx) => definition.run({ ...context, tx }));
      return { status: route.status, body: route.output.parse(answer) };
    },
  };
}

/** A route that reads a stream of lines. `open` uses `read` for short transactions; none stays open while the client is slow. */
export function streamQuery<R extends Route>(route: R, definition: StreamQueryDefinition<R>): RouteHandler<R> {
  requireTransport(route, 'ndjson-out');
  return {
    route,
    handle: async (request, services) => {
      const context = await admitRequest(route, request, services);
      return { status: route.status, lines: await definition.open(context) };
    },
  };
}

/** A route that answers without a token. It sees no workspace. */
export function publicQuery<R extends Route>(route: R, definition: PublicQueryDefinition<R>): RouteHandler<R> {
  requireTransport(route, 'json');
  if (route.needs !== 'public') throw new Error(`${route.name} needs ${route.needs} and is not public`);
  return {
    route,
    handle: async (request, services) => {
      const answer = await definition.run({ input: parseInput(route, request), services });
      return { status: route.status, body: route.output.parse(answer) };
    },
  };
}

export type QueryDefinition<R extends Route> = {
  readonly run: (context: RequestContext<R> & { readonly tx: Transaction }) => Promise<z.input<R['output']>>;
};

export type StreamQueryDefinition<R extends Route> = {
  readonly open: (context: RequestContext<R>) => Promise<AsyncIterable<z.input<R['output']>>>;
};

export type PublicQueryDefinition<R extends Route> = {
  readonly run: (context: PublicContext<R>) => Promise<z.input<R['output']>>;
};
type PublicContext<R extends Route> = { readonly input: RouteInput<R>; readonly services: ControlServices };
