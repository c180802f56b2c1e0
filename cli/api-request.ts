import type { Route } from '@ringfort/contracts/route.ts';
import { Problem, type ProblemField } from '@ringfort/contracts/problem.ts';
import type { z } from 'zod';

import { nameForm } from './describe-config-issue.ts';

/** A call's parts as they come from the typed client. */
export type ApiParts = { readonly params?: unknown; readonly query?: unknown; readonly body?: unknown };

/** What goes over the wire: `path` holds the query string; no `body` means none is sent. */
export type ApiRequest = {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly path: string;
  readonly body: string | undefined;
};

/**
 * Turns a call into a request, checked by the route's own schemas first: what the platform would refuse for its form is refused here,
 * with the problem `input-invalid` that names each field.
 */
export function apiRequest(route: Route, parts: ApiParts): ApiRequest {
  const params = entries(check(route.params, parts.params ?? {}));
  check(route.query, stringValues(parts.query));
  const body = route.transport === 'stream-in' ? undefined : checkedBody(route, parts.body);
  const path = params.reduce((rest, [name, value]) => rest.replace(`:${name}`, encodeURIComponent(value)), route.path);
  const query = new URLSearchParams(stringValues(parts.query)).toString();
  return { method: route.method, path: query === '' ? path : `${path}?${query}`, body };
}

function checkedBody(route: Route, body: unknown): string | undefined {
  check(route.body, body);
  return body === undefined ? undefined : JSON.stringify(body);
}

function check(schema: z.ZodType, value: unknown): unknown {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const fields: ProblemField[] = parsed.error.issues.map((issue) => ({
    path: issue.path.map(String).join('.'),
    message: isName(issue) ? nameForm : issue.message,
  }));
  throw new Problem('input-invalid', 'The request is not of the documented form.', { fields });
}

function isName(issue: z.core.$ZodIssue): boolean {
  return issue.code === 'invalid_format' && nameFields.has(String(issue.path.at(-1)));
}

const nameFields = new Set(['slug', 'workspace', 'project', 'environment', 'confirm']);

function stringValues(value: unknown): Record<string, string> {
  return Object.fromEntries(entries(value ?? {}));
}

function entries(value: unknown): [string, string][] {
  if (typeof value !== 'object' || value === null) throw new TypeError('Parameters are given as an object');
  return Object.entries(value).flatMap(([name, inner]: [string, unknown]) => {
    if (inner === undefined) return [];
    if (typeof inner === 'string' || typeof inner === 'number' || typeof inner === 'boolean')
      return [[name, String(inner)]];
    throw new TypeError(`The parameter ${name} is neither text nor a number`);
  });
}
