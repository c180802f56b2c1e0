import { Problem } from '@ringfort/contracts/problem.ts';
import type { Route } from '@ringfort/contracts/route.ts';

import { admitRequest } from './admit-request.ts';
import type {
  OperationDefinition,
  PreparedDefinition,
  StreamOperationDefinition,
  UploadDefinition,
} from './operation-definition.ts';
import type { RouteHandler } from './route-handler.ts';
import { requireTransport } from './require-transport.ts';
import { runIdempotently } from './run-idempotently.ts';
import { runAudited } from './run-audited.ts';

/**
 * The only way to change wanted state. Checks the permission that the contract names, parses the input, opens the transaction, records
 * the audit event, lets `run` make the change, completes the event and commits. The database refuses the same change from anywhere
 * else. A Problem thrown by `run` undoes all of it.
 */
export function operation<R extends Route>(route: R, definition: OperationDefinition<R>): RouteHandler<R> {
  return preparedOperation(route, { ...definition, prepare: async () => undefined });
}

/** An operation with something slow before it (a look-up of names, a request to another program), outside any transaction. */
export function preparedOperation<R extends Route, F>(route: R, definition: PreparedDefinition<R, F>): RouteHandler<R> {
  requireTransport(route, 'json');
  return {
    route,
    handle: async (request, services) => {
      const context = await admitRequest(route, request, services);
      const body = await runIdempotently(route, { request, services, context, definition });
      return { status: route.status, body };
    },
  };
}

/** An operation whose body is bytes: `prepare` reads them to the end, or throws. */
export function uploadOperation<R extends Route, F>(route: R, definition: UploadDefinition<R, F>): RouteHandler<R> {
  requireTransport(route, 'stream-in');
  return {
    route,
    handle: async (request, services) => {
      const context = await admitRequest(route, request, services);
      if (request.bytes === undefined) throw new Problem('input-invalid', 'The request has no body. Send the bytes.');
      const prepared = await definition.prepare({ ...context, bytes: request.bytes });
      const answer = await runAudited(route, { services, context }, (inner) => definition.run({ ...inner, prepared }));
      return { status: route.status, body: route.output.parse(answer) };
    },
  };
}

/** An operation that answers with a stream of lines. The stream begins after the commit. */
export function streamOperation<R extends Route>(route: R, definition: StreamOperationDefinition<R>): RouteHandler<R> {
  requireTransport(route, 'ndjson-out');
  return {
    route,
    handle: async (request, services) => {
      const context = await admitRequest(route, request, services);
      const lines = await runAudited(route, { services, context }, (inner) => definition.run(inner));
      return { status: route.status, lines };
    },
  };
}
