import { parseProblem, ProblemDocument } from '@ringfort/contracts/problem-document.ts';
import { Problem } from '@ringfort/contracts/problem.ts';

/** A problem that the platform answered with, and the request's id, so that a report can name the request. */
export class RemoteProblem extends Problem {
  readonly requestId: string | undefined;

  constructor(document: unknown) {
    const problem = parseProblem(document);
    super(problem.code, problem.detail, { fields: problem.fields });
    const parsed = ProblemDocument.safeParse(document);
    this.requestId = parsed.success ? parsed.data.requestId : undefined;
  }
}
