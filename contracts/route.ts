import type { z } from 'zod';

import type { Permission } from './permissions.ts';

/**
 * A route of the public API as data: what control serves, what OpenAPI describes and what the typed client calls. `path` has
 * `:name` parameters; `params`, `query` and `body` are checked before the operation runs, `output` when it answers.
 */
export type Route<
  P extends z.ZodType = z.ZodType,
  Q extends z.ZodType = z.ZodType,
  B extends z.ZodType = z.ZodType,
  O extends z.ZodType = z.ZodType,
> = {
  /** `<noun>.<verb>`, the operation's name in OpenAPI and in the audit log. */
  readonly name: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly path: string;
  readonly summary: string;
  /** `public`: no token; `signed-in`: any valid token; else the permission, in the workspace that the path names. */
  readonly needs: Permission | 'public' | 'signed-in';
  readonly params: P;
  readonly query: Q;
  readonly body: B;
  readonly output: O;
  readonly status: 200 | 201 | 202 | 204;
  /** `json` bodies both ways; `stream-in`: the body is bytes; `ndjson-out`: the answer is a stream of `output` lines. */
  readonly transport: 'json' | 'stream-in' | 'ndjson-out';
};

/** Declares a route; the generic parameters keep the types of its parts for the client and the server. */
export function route<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, O extends z.ZodType>(
  definition: Route<P, Q, B, O>,
): Route<P, Q, B, O> {
  return definition;
}
