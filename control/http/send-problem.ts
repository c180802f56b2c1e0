import type { FastifyReply, FastifyRequest } from 'fastify';

import { problemDocument } from '@ringfort/contracts/problem-document.ts';
import { Problem } from '@ringfort/contracts/problem.ts';
import type { Log } from '@ringfort/kit/log.ts';

/** Answers with problem+json (RFC 9457). Whatever was not expected is logged whole and answered without a word of it. */
export function sendProblem(error: unknown, to: ProblemTarget): FastifyReply {
  const { request, reply, log } = to;
  const problem = translateError(error);
  if (problem.code === 'internal') log.error('A request failed', { requestId: request.id, error });
  else if (problem.status >= 500) log.warn('A request failed', { requestId: request.id, code: problem.code });
  if (problem.status === 401) reply.header('www-authenticate', 'Bearer');
  if (problem.code === 'too-many-requests') reply.header('retry-after', '1');
  const document = JSON.stringify(problemDocument(problem, request.id));
  return reply.status(problem.status).header('content-type', 'application/problem+json').send(document);
}

type ProblemTarget = { readonly request: FastifyRequest; readonly reply: FastifyReply; readonly log: Log };

function translateError(error: unknown): Problem {
  if (error instanceof Problem) return error;
  const status = statusOf(error);
  if (status === 413)
    return new Problem('body-too-large', 'The body is larger than this route takes.', { cause: error });
  if (status >= 400 && status < 500 && error instanceof Error) {
    return new Problem('input-invalid', `The request cannot be read: ${error.message}`, { cause: error });
  }
  return new Problem('internal', 'Something went wrong that should not. Report it with the request id.', {
    cause: error,
  });
}

/** Fastify's own errors carry the status that they stand for. */
function statusOf(error: unknown): number {
  const isFastify = error instanceof Error && 'statusCode' in error && 'code' in error;
  return isFastify && String(error.code).startsWith('FST_') ? Number(error.statusCode) : 500;
}
