import { z } from 'zod';

import { ProblemDocument } from '@ringfort/contracts/problem-document.ts';
import type { Route } from '@ringfort/contracts/route.ts';

/** The OpenAPI 3.1 document of the routes. Made from the contracts alone, so it cannot say anything else than they do. */
export function createOpenApi(routes: Readonly<Record<string, Route>>): object {
  const paths: Record<string, Record<string, object>> = {};
  for (const route of Object.values(routes)) {
    const path = route.path.replaceAll(/:(\w+)/gu, '{$1}');
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: describeRoute(route) };
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Ringfort', version: '1' },
    paths,
    components: {
      securitySchemes: { token: { type: 'http', scheme: 'bearer' } },
      schemas: { Problem: toSchema(ProblemDocument, 'output') },
    },
    security: [{ token: [] }],
  };
}

function describeRoute(route: Route): object {
  const parameters = [...listParameters(route.params, 'path'), ...listParameters(route.query, 'query')];
  return {
    operationId: route.name,
    summary: route.summary,
    ...(route.needs === 'public' ? { security: [] } : {}),
    ...(route.needs === 'public' || route.needs === 'signed-in' ? {} : { 'x-permission': route.needs }),
    parameters: route.method === 'POST' ? [...parameters, idempotencyKey] : parameters,
    ...describeBody(route),
    responses: { [route.status]: describeAnswer(route), default: problemAnswer },
  };
}

const idempotencyKey = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  description: 'The same request under the same key is done once in 24 hours.',
  schema: { type: 'string' },
};

const problemAnswer = {
  description: 'A problem (RFC 9457)',
  content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
};

function listParameters(schema: z.ZodType, place: 'path' | 'query'): readonly object[] {
  if (!(schema instanceof z.ZodObject)) return [];
  const shape: Readonly<Record<string, unknown>> = schema.shape;
  return Object.entries(shape).flatMap(([name, part]) =>
    part instanceof z.ZodType
      ? [
          {
            name,
            in: place,
            required: place === 'path' || !part.safeParse(undefined).success,
            schema: toSchema(part, 'input'),
          },
        ]
      : [],
  );
}

function describeBody(route: Route): object {
  if (route.transport === 'stream-in') {
    return { requestBody: { required: true, content: { 'application/octet-stream': {} } } };
  }
  if (route.body instanceof z.ZodUndefined) return {};
  return {
    requestBody: { required: true, content: { 'application/json': { schema: toSchema(route.body, 'input') } } },
  };
}

function describeAnswer(route: Route): object {
  if (route.output instanceof z.ZodUndefined) return { description: 'Done' };
  const type = route.transport === 'ndjson-out' ? 'application/x-ndjson' : 'application/json';
  return { description: 'Done', content: { [type]: { schema: toSchema(route.output, 'output') } } };
}

/** `unrepresentable`: what JSON Schema cannot say (our own refinements) is left out rather than failing. */
function toSchema(schema: z.ZodType, io: 'input' | 'output'): object {
  const { $schema: _version, ...rest } = z.toJSONSchema(schema, {
    io,
    unrepresentable: 'any',
    target: 'draft-2020-12',
  });
  return rest;
}
