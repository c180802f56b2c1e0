import Fastify, { type FastifyInstance } from 'fastify';

import { api } from '@ringfort/contracts/api/api.ts';
import { Problem } from '@ringfort/contracts/problem.ts';

import { controlLimits as limits } from '../limits.ts';
import type { RouteHandler, RouteHandlers } from '../route-handler.ts';
import { addRoute } from './add-route.ts';
import type { HttpServices } from './http-services.ts';
import { createOpenApi } from './openapi.ts';
import { createRateLimit } from './rate-limit.ts';
import { readRequestId } from './request-head.ts';
import { sendProblem } from './send-problem.ts';
import { createStreamLimit } from './stream-limit.ts';

/**
 * The public API over HTTP: every route of the contracts with its handler, problem+json for whatever goes wrong, the OpenAPI document
 * at `GET /v1/openapi.json`. The caller listens and closes.
 */
export function serveRoutes(handlers: RouteHandlers, services: HttpServices): FastifyInstance {
  const app = Fastify({
    bodyLimit: limits.bodyBytesMax,
    requestTimeout: limits.uploadTimeoutMs,
    keepAliveTimeout: limits.keepAliveTimeoutMs,
    routerOptions: { maxParamLength: limits.pathParameterCharactersMax },
    http: { maxHeaderSize: limits.headerBytesMax },
    genReqId: (request) => readRequestId(request.headers, services.newId),
    exposeHeadRoutes: false,
    forceCloseConnections: 'idle',
  });
  app.addHook('onRequest', async (request, reply) => {
    reply.headers({ 'x-request-id': request.id, 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' });
  });
  app.addContentTypeParser(streamTypes, (_request, payload, done) => done(null, payload));
  app.setErrorHandler((error, request, reply) => sendProblem(error, { request, reply, log: services.log }));
  app.setNotFoundHandler((request) => {
    throw new Problem('not-found', `There is no “${request.method} ${request.url.split('?')[0]}” in this API.`);
  });
  const takeRequest = createRateLimit(services.clock);
  const takeStream = createStreamLimit();
  const byRoute = new Map<unknown, RouteHandler>(Object.values(handlers).map((handler) => [handler.route, handler]));
  for (const route of Object.values(api)) {
    const handler = byRoute.get(route);
    if (handler === undefined) throw new Error(`${route.name} has no handler`);
    addRoute(app, { route, handler, services, takeRequest, takeStream });
  }
  const document = createOpenApi(api);
  app.get('/v1/openapi.json', async () => document);
  return app;
}

/** Media types whose bytes go to the handler as they come. */
const streamTypes = ['application/octet-stream', 'application/gzip', 'application/x-gzip', 'application/x-tar'];
