import type { Readable } from 'node:stream';

import type { z } from 'zod';

import type { Route } from '@ringfort/contracts/route.ts';

import type { AuditRecord } from './db/audit-log.ts';
import type { Transaction } from './db/transaction.ts';
import type { QueueName } from './jobs/queues.ts';
import type { RequestContext } from './route-handler.ts';

/** What an operation's `run` is given. */
export type OperationContext<R extends Route> = RequestContext<R> & {
  readonly tx: Transaction;
  /** Wakes a reconciler for one thing of the workspace once the transaction has committed. */
  readonly nudge: (queue: QueueName, id: string) => Promise<void>;
  /** Records the same action in a further workspace and moves the transaction there: for what makes a workspace. */
  readonly recordIn: (workspaceId: RequestContext<R>['workspaceId'], record: AuditRecord) => Promise<void>;
};

/** What an operation answers, and what the audit log says about it. No secret goes into the latter. */
export type OperationResult<A> = AuditRecord & { readonly answer: A };
type Answer<R extends Route> = z.input<R['output']>;

export type OperationDefinition<R extends Route> = {
  readonly run: (context: OperationContext<R>) => Promise<OperationResult<Answer<R>>>;
  /** The answer holds a secret: it is not kept for the Idempotency-Key, and a repetition is refused instead of answered. */
  readonly answerIsSecret?: boolean;
};

type Prepared<R extends Route, F> = OperationContext<R> & { readonly prepared: F };

export type PreparedDefinition<R extends Route, F> = {
  readonly prepare: (context: RequestContext<R>) => Promise<F>;
  readonly run: (context: Prepared<R, F>) => Promise<OperationResult<Answer<R>>>;
  readonly answerIsSecret?: boolean;
};

export type UploadDefinition<R extends Route, F> = {
  readonly prepare: (context: RequestContext<R> & { readonly bytes: Readable }) => Promise<F>;
  readonly run: (context: Prepared<R, F>) => Promise<OperationResult<Answer<R>>>;
};

export type StreamOperationDefinition<R extends Route> = {
  readonly run: (context: OperationContext<R>) => Promise<OperationResult<AsyncIterable<Answer<R>>>>;
};
