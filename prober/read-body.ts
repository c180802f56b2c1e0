import type { Readable } from 'node:stream';

import { Problem, type ProblemField } from '@ringfort/contracts/problem.ts';
import type { z } from 'zod';

/** All bytes of a body; rejects with `body-too-large` as soon as there are more than `bytesMax`. */
export async function readBody(body: Readable, bytesMax: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const chunk of body.iterator({ destroyOnReturn: false })) {
    if (!(chunk instanceof Uint8Array)) throw new TypeError('The body does not give bytes');
    sizeBytes += chunk.byteLength;
    if (sizeBytes > bytesMax) throw new Problem('body-too-large', `The body is larger than ${bytesMax} bytes.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** The JSON in a body as the schema's type; throws `input-invalid` with the fields that are wrong. */
export function parseBody<S extends z.ZodType>(body: Buffer, schema: S): z.output<S> {
  const parsed = schema.safeParse(readJson(body));
  if (parsed.success) return parsed.data;
  const fields: ProblemField[] = parsed.error.issues
    .slice(0, 20)
    .map(({ path, message }) => ({ path: path.map(String).join('.'), message }));
  throw new Problem('input-invalid', 'The request is not of the documented form.', { fields });
}

function readJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch (cause) {
    throw new Problem('input-invalid', 'The request is not JSON.', { cause });
  }
}
