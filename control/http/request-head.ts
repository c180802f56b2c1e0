import type { IncomingHttpHeaders } from 'node:http';

import { z } from 'zod';

import { RequestId } from '@ringfort/contracts/identifiers.ts';
import { Problem } from '@ringfort/contracts/problem.ts';

import { controlLimits } from '../limits.ts';

/** The id that the edge gave the request (nobody else reaches this socket); without one a new id. */
export function readRequestId(headers: IncomingHttpHeaders, newId: () => string): string {
  const given = RequestId.safeParse(headers['x-request-id']);
  return given.success ? given.data : newId();
}

/** The `Idempotency-Key`, if there is one. Throws the Problem `input-invalid` for one that is too long or not printable. */
export function readIdempotencyKey(headers: IncomingHttpHeaders): string | undefined {
  const key = headers['idempotency-key'];
  if (key === undefined) return undefined;
  const isGood = typeof key === 'string' && key.length <= controlLimits.idempotencyKeyCharactersMax;
  if (isGood && /^[!-~]+$/u.test(key)) return key;
  const max = controlLimits.idempotencyKeyCharactersMax;
  throw new Problem('input-invalid', `The Idempotency-Key has to be 1 to ${max} printable characters without spaces.`);
}

/** The parameters of the path as strings. */
export function readParams(params: unknown): Readonly<Record<string, string>> {
  return z.record(z.string(), z.string()).parse({ ...(typeof params === 'object' ? params : {}) });
}
