import type { Route } from '@ringfort/contracts/route.ts';

import { completeAllowed, recordAllowed } from './db/audit-log.ts';
import { enterWorkspace, inWorkspace, type Transaction } from './db/transaction.ts';
import type { OperationContext, OperationResult } from './operation-definition.ts';
import type { ControlServices, RequestContext } from './route-handler.ts';

/**
 * Runs a change in a transaction of its workspace: the audit event first, because the database takes no write without it, its subject
 * and content when they are known, then the commit.
 */
export async function runAudited<R extends Route, A>(
  route: R,
  from: { readonly services: ControlServices; readonly context: RequestContext<R> },
  run: (context: OperationContext<R>) => Promise<OperationResult<A>>,
): Promise<A> {
  const { actor, workspaceId } = from.context;
  const scope = { workspaceId, actorId: actor.actorId };
  return inWorkspace(from.services.database, scope, (tx) => runAuditedIn(tx, { ...from, route }, run));
}

/** The same inside a transaction that is open already. */
export async function runAuditedIn<R extends Route, A>(
  tx: Transaction,
  from: { readonly route: R; readonly services: ControlServices; readonly context: RequestContext<R> },
  run: (context: OperationContext<R>) => Promise<OperationResult<A>>,
): Promise<A> {
  const { context, services, route } = from;
  const { actorId } = context.actor;
  const event = { actorId, action: route.name, requestId: context.requestId };
  const id = services.newId();
  await recordAllowed(tx, { ...event, id });
  const recordIn: OperationContext<R>['recordIn'] = async (workspaceId, record) => {
    await enterWorkspace(tx, { workspaceId, actorId });
    const furtherId = services.newId();
    await recordAllowed(tx, { ...event, id: furtherId });
    await completeAllowed(tx, { ...record, id: furtherId });
  };
  const nudge: OperationContext<R>['nudge'] = (queue, target) =>
    services.nudge(tx, queue, { workspaceId: context.workspaceId, id: target });
  const { answer, ...record } = await run({ ...context, tx, nudge, recordIn });
  await enterWorkspace(tx, { workspaceId: context.workspaceId, actorId });
  await completeAllowed(tx, { ...record, id });
  return answer;
}
