import { createHash } from 'node:crypto';

import { Problem } from '@ringfort/contracts/problem.ts';
import type { Route } from '@ringfort/contracts/route.ts';

import { findKeptAnswer, type KeptAnswer, lockIdempotencyKey, storeKeptAnswer } from './db/idempotency-keys.ts';
import { inWorkspace, type Transaction } from './db/transaction.ts';
import type { PreparedDefinition } from './operation-definition.ts';
import type { ControlServices, HandlerRequest, RequestContext } from './route-handler.ts';
import { runAudited, runAuditedIn } from './run-audited.ts';

/**
 * Runs an operation; with an `Idempotency-Key` at most once in 24 hours. The same request again gets the first answer, another request
 * under the same key is refused, and of two at the same time the second waits for the first.
 */
export async function runIdempotently<R extends Route, F>(route: R, from: IdempotentRun<R, F>): Promise<unknown> {
  const { services, context, definition, request } = from;
  if (request.idempotencyKey === undefined || route.method !== 'POST') {
    const prepared = await definition.prepare(context);
    const answer = await runAudited(route, from, (inner) => definition.run({ ...inner, prepared }));
    return route.output.parse(answer);
  }
  const name = { actorId: context.actor.actorId, route: route.name, key: request.idempotencyKey };
  const sha256 = digestRequest(request);
  const early = await context.read((tx) => findKeptAnswer(tx, name));
  if (early !== undefined) return replay(early, sha256);
  const prepared = await definition.prepare(context);
  const scope = { workspaceId: context.workspaceId, actorId: context.actor.actorId };
  return inWorkspace(services.database, scope, async (tx: Transaction) => {
    await lockIdempotencyKey(tx, name);
    const kept = await findKeptAnswer(tx, name);
    if (kept !== undefined) return replay(kept, sha256);
    const run = { route, services, context };
    const answer = route.output.parse(await runAuditedIn(tx, run, (inner) => definition.run({ ...inner, prepared })));
    await storeKeptAnswer(tx, {
      ...name,
      sha256,
      status: route.status,
      answer,
      isKept: definition.answerIsSecret !== true,
    });
    return answer;
  });
}

type IdempotentRun<R extends Route, F> = {
  readonly request: HandlerRequest;
  readonly services: ControlServices;
  readonly context: RequestContext<R>;
  readonly definition: PreparedDefinition<R, F>;
};

function replay(kept: KeptAnswer, sha256: Buffer): unknown {
  if (!kept.sha256.equals(sha256)) {
    throw new Problem('idempotency-key-reused', 'This Idempotency-Key was used for another request. Use a fresh one.');
  }
  if (kept.isKept) return kept.answer ?? undefined;
  throw new Problem(
    'state-conflict',
    'This request was done before. Its answer held a secret, which is shown once only.',
  );
}

function digestRequest(request: HandlerRequest): Buffer {
  const text = JSON.stringify([request.path, request.query ?? null, request.body ?? null]);
  return createHash('sha256').update(text).digest();
}
