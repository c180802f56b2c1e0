import { problemCatalogue } from './problem-catalogue.ts';

export type ProblemCode = keyof typeof problemCatalogue;

/**
 * An expected failure, in the shape of RFC 9457. `code` names an entry of the catalogue; `detail` says what was sent and what to
 * do, and never holds a secret. It is sent as `application/problem+json`.
 */
export class Problem extends Error {
  readonly code: ProblemCode;
  readonly status: number;
  readonly detail: string;
  /** For each field that is wrong: where it is (`applications.web.port`) and what is wrong with it. */
  readonly fields: readonly ProblemField[];

  constructor(code: ProblemCode, detail: string, options: ProblemOptions = {}) {
    super(detail, { cause: options.cause });
    this.name = 'Problem';
    this.code = code;
    this.status = problemCatalogue[code].status;
    this.detail = detail;
    this.fields = options.fields ?? [];
  }
}

export type ProblemField = { readonly path: string; readonly message: string };
export type ProblemOptions = { readonly cause?: unknown; readonly fields?: readonly ProblemField[] };
