import type { Readable } from 'node:stream';

import type { z } from 'zod';

import type { api } from '@ringfort/contracts/api/api.ts';
import type { RequestId, WorkspaceId } from '@ringfort/contracts/identifiers.ts';
import type { Route } from '@ringfort/contracts/route.ts';
import type { Clock } from '@ringfort/kit/clock.ts';

import type { Actor } from './access/actor.ts';
import type { Database } from './db/database.ts';
import type { Transaction } from './db/transaction.ts';
import type { Nudge } from './jobs/nudge.ts';

/** Serves one route. Made by `operation()`, `query()` and their streaming twins, and by nothing else. */
export type RouteHandler<R extends Route = Route> = {
  readonly route: R;
  readonly handle: (request: HandlerRequest, services: ControlServices) => Promise<HandlerAnswer>;
};

/** A handler for every route of the public API: one that is missing does not compile. */
export type RouteHandlers = { readonly [Name in keyof typeof api]: RouteHandler<(typeof api)[Name]> };

/** A request as it came in: nothing but the token was checked. */
export type HandlerRequest = {
  /** Undefined on public routes only. */
  readonly actor: Actor | undefined;
  readonly requestId: RequestId;
  /** The path as it was asked for, for the audit log. */
  readonly path: string;
  readonly params: Readonly<Record<string, string>>;
  readonly query: unknown;
  readonly body: unknown;
  /** The bytes of a `stream-in` request. */
  readonly bytes?: Readable;
  readonly idempotencyKey?: string;
  /** Aborted when the client has gone, or its token. */
  readonly signal: AbortSignal;
};

export type HandlerAnswer =
  | { readonly status: number; readonly body: unknown }
  | { readonly status: number; readonly lines: AsyncIterable<unknown> };

/** What every handler needs. What one feature needs besides is given to that feature's own function. */
export type ControlServices = {
  /** As the runtime role. */
  readonly database: Database;
  readonly clock: Clock;
  readonly newId: () => string;
  readonly nudge: Nudge;
};

/** The parts of a request after they were checked against the contract. */
export type RouteInput<R extends Route> = {
  readonly params: z.output<R['params']>;
  readonly query: z.output<R['query']>;
  readonly body: z.output<R['body']>;
};

/** What a query or operation is told about the request, whatever it does. */
export type RequestContext<R extends Route> = {
  readonly actor: Actor;
  readonly workspaceId: WorkspaceId;
  readonly input: RouteInput<R>;
  readonly requestId: RequestId;
  readonly clock: Clock;
  readonly newId: () => string;
  readonly signal: AbortSignal;
  /** Runs a short read-only transaction in the workspace. Never holds one open while something slow happens. */
  readonly read: <T>(run: (tx: Transaction) => Promise<T>) => Promise<T>;
};
