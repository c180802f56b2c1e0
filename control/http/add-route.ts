import { Readable } from 'node:stream';

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

import { contractLimits } from '@ringfort/contracts/limits.ts';
import { RequestId } from '@ringfort/contracts/identifiers.ts';
import type { Route } from '@ringfort/contracts/route.ts';

import { authorize } from '../access/authorize.ts';
import type { HandlerRequest, RouteHandler } from '../route-handler.ts';
import { limitBytes } from './limit-bytes.ts';
import { readIdempotencyKey, readParams } from './request-head.ts';
import type { HttpServices } from './http-services.ts';
import { openSession, type Session } from './session.ts';
import { encodeLines } from './encode-lines.ts';

/** Serves one route: the token before the body is read, then the handler, then its answer as JSON or as a stream of lines. */
export function addRoute(app: FastifyInstance, added: AddedRoute): void {
  const { route, handler, services } = added;
  const sessions = new WeakMap<FastifyRequest, Session>();
  app.route({
    method: route.method,
    url: route.path,
    onRequest: async (request) => {
      if (route.needs === 'public') return;
      const session = await openSession(services.database, request.headers.authorization);
      added.takeRequest(session.actor.tokenId);
      sessions.set(request, session);
    },
    handler: async (request, reply) => {
      const session = sessions.get(request);
      const gone = whenGone(reply, services.stopping);
      if (route.transport === 'ndjson-out' && session !== undefined)
        reply.raw.once('close', added.takeStream(session.actor.tokenId));
      const answer = await handler.handle(toHandlerRequest(route, { request, session, signal: gone }), services);
      reply.status(answer.status);
      if ('body' in answer) return reply.send(answer.body);
      const isStillAllowed = async (): Promise<boolean> => {
        const actor = await session?.recheck();
        return actor !== undefined && authorize(actor, route, readParams(request.params)).allowed;
      };
      const text = encodeLines(answer.lines, { isStillAllowed, signal: gone, output: route.output });
      return reply.header('content-type', 'application/x-ndjson').send(Readable.from(text));
    },
  });
}

export type AddedRoute = {
  readonly route: Route;
  readonly handler: RouteHandler;
  readonly services: HttpServices;
  /** Counts a request of a token; throws the Problem `too-many-requests`. */
  readonly takeRequest: (tokenId: string) => void;
  /** Counts an open stream of a token, until the result is called; throws the Problem `too-many-requests`. */
  readonly takeStream: (tokenId: string) => () => void;
};

type Received = {
  readonly request: FastifyRequest;
  readonly session: Session | undefined;
  readonly signal: AbortSignal;
};

function toHandlerRequest(route: Route, { request, session, signal }: Received): HandlerRequest {
  const isUpload = route.transport === 'stream-in';
  const bytes =
    isUpload && request.body instanceof Readable ? limitBytes(request.body, contractLimits.sourceBytesMax) : undefined;
  const idempotencyKey = readIdempotencyKey(request.headers);
  return {
    actor: session?.actor,
    requestId: RequestId.parse(request.id),
    path: request.url,
    params: readParams(request.params),
    query: request.query,
    body: isUpload ? undefined : request.body,
    signal,
    ...(bytes === undefined ? {} : { bytes }),
    ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
  };
}

function whenGone(reply: FastifyReply, stopping: AbortSignal): AbortSignal {
  const gone = new AbortController();
  reply.raw.once('close', () => gone.abort());
  return AbortSignal.any([gone.signal, stopping]);
}
