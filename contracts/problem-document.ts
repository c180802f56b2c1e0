import { z } from 'zod';

import { problemCatalogue } from './problem-catalogue.ts';
import { Problem, type ProblemCode } from './problem.ts';

/** The wire form of a `Problem` (RFC 9457 §3), media type `application/problem+json`. */
export const ProblemDocument = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  code: z.string(),
  detail: z.string(),
  requestId: z.string().optional(),
  fields: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
});
export type ProblemDocument = z.infer<typeof ProblemDocument>;

/** The document for a problem; `requestId` lets its receiver name the request in a report. */
export function problemDocument(problem: Problem, requestId?: string): ProblemDocument {
  return {
    type: `https://ringfort.dev/errors#${problem.code}`,
    title: problemCatalogue[problem.code].title,
    status: problem.status,
    code: problem.code,
    detail: problem.detail,
    ...(requestId === undefined ? {} : { requestId }),
    ...(problem.fields.length === 0 ? {} : { fields: [...problem.fields] }),
  };
}

/** The problem that another program sent; a code that is not in the catalogue becomes `internal`. */
export function parseProblem(document: unknown): Problem {
  const parsed = ProblemDocument.safeParse(document);
  if (!parsed.success) return new Problem('internal', 'The other side answered with an error of unknown form.');
  const code = isProblemCode(parsed.data.code) ? parsed.data.code : 'internal';
  return new Problem(code, parsed.data.detail, { fields: parsed.data.fields ?? [] });
}

function isProblemCode(code: string): code is ProblemCode {
  return Object.hasOwn(problemCatalogue, code);
}
