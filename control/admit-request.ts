import type { z } from 'zod';

import { Problem } from '@ringfort/contracts/problem.ts';
import type { Route } from '@ringfort/contracts/route.ts';

import { authorize, type Refusal } from './access/authorize.ts';
import type { Actor } from './access/actor.ts';
import { recordDenied } from './db/audit-log.ts';
import { inWorkspace } from './db/transaction.ts';
import { controlLimits } from './limits.ts';
import { isStorable } from './storable-text.ts';
import type { ControlServices, HandlerRequest, RequestContext, RouteInput } from './route-handler.ts';

/**
 * What comes before every query and operation: the permission is checked, a refusal is recorded in a transaction of its own, then
 * the input is parsed. Only who is admitted learns whether the input was right.
 */
export async function admitRequest<R extends Route>(
  route: R,
  request: HandlerRequest,
  services: ControlServices,
): Promise<RequestContext<R>> {
  const { actor } = request;
  if (actor === undefined) throw new Problem('token-missing', 'The request carries no token.');
  const verdict = authorize(actor, route, request.params);
  if (!verdict.allowed) {
    await recordRefusal({ route, request, services, actor, refusal: verdict });
    throw verdict.problem;
  }
  const { workspaceId } = verdict;
  return {
    actor,
    workspaceId,
    input: parseInput(route, request),
    requestId: request.requestId,
    clock: services.clock,
    newId: services.newId,
    signal: request.signal,
    read: (run) => inWorkspace(services.database, { workspaceId, actorId: actor.actorId, readOnly: true }, run),
  };
}

/** Parses path, query and body by the contract. Throws the Problem `input-invalid`, which names every field that is wrong. */
export function parseInput<R extends Route>(route: R, request: HandlerRequest): RouteInput<R> {
  const parts = [
    { name: 'params', result: route.params.safeParse(request.params) },
    { name: 'query', result: route.query.safeParse(request.query) },
    { name: 'body', result: route.body.safeParse(request.body) },
  ];
  const fields = parts.flatMap(({ name, result }) =>
    result.success ? [] : result.error.issues.map((issue) => describeIssue(name, issue)),
  );
  if (fields.length > 0) {
    const detail = fields.map((field) => `${field.path}: ${field.message}`).join('; ');
    throw new Problem('input-invalid', `The request is not of the documented form: ${detail}`, { fields });
  }
  const [params, query, body] = parts.map(({ result }) => result.data);
  if (![params, query, body].every(isStorable)) {
    throw new Problem(
      'input-invalid',
      'A text holds NUL or half a surrogate pair, which cannot be stored. Leave it out.',
    );
  }
  return asInput<R>({ params, query, body });
}

/** The schemas of the route have just produced these values; a list of three cannot carry that in its type. */
function asInput<R extends Route>(parts: { params: unknown; query: unknown; body: unknown }): RouteInput<R> {
  return parts as RouteInput<R>;
}

function describeIssue(part: string, issue: z.core.$ZodIssue): { path: string; message: string } {
  const path = issue.path.map(String).join('.');
  return { path: path === '' ? part : part === 'body' ? path : `${part}.${path}`, message: issue.message };
}

type RefusedRequest = {
  readonly route: Route;
  readonly request: HandlerRequest;
  readonly services: ControlServices;
  readonly actor: Actor;
  readonly refusal: Refusal;
};

async function recordRefusal({ route, request, services, actor, refusal }: RefusedRequest): Promise<void> {
  const scope = { workspaceId: refusal.workspaceId, actorId: actor.actorId };
  await inWorkspace(services.database, scope, (tx) =>
    recordDenied(tx, {
      id: services.newId(),
      actorId: actor.actorId,
      action: route.name,
      subject: request.path.slice(0, 500),
      requestId: request.requestId,
      listedMax: controlLimits.denialsListedMax,
    }),
  );
}
