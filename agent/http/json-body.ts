import type { IncomingMessage } from 'node:http';

import { Problem } from '@ringfort/contracts/problem.ts';
import type { z } from 'zod';

/** Reads a JSON body and parses it. Throws `body-too-large` or `input-invalid`. */
export async function readJsonBody<T>(message: IncomingMessage, { schema, bytesMax }: BodyForm<T>): Promise<T> {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  const parts: AsyncIterable<Buffer> = message.iterator({ destroyOnReturn: false });
  for await (const part of parts) {
    sizeBytes += part.length;
    if (sizeBytes > bytesMax) throw new Problem('body-too-large', `The body is larger than ${bytesMax} bytes.`);
    chunks.push(part);
  }
  return parseJson(Buffer.concat(chunks).toString('utf8'), schema);
}

export type BodyForm<T> = { readonly schema: z.ZodType<T>; readonly bytesMax: number };

/** Parses a JSON text from outside. Throws `input-invalid` with the fields that are wrong. */
export function parseJson<T>(text: string, schema: z.ZodType<T>): T {
  const result = schema.safeParse(readJson(text));
  if (result.success) return result.data;
  const fields = result.error.issues.slice(0, 20).map(({ path, message }) => ({ path: path.join('.'), message }));
  const first = fields.map(({ path, message }) => `${path === '' ? 'body' : path}: ${message}`).at(0) ?? '';
  throw new Problem('input-invalid', `The request is not of the documented form. ${first}`, { fields });
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Problem('input-invalid', 'The request is not JSON.', { cause });
  }
}
