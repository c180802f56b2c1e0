/**
 * Every expected failure that leaves a program. A released code is never reused or given another meaning; `docs/errors.md` is
 * generated from this list. `status` is the HTTP status (RFC 9110 §15), `title` says what is wrong, `fix` what to do.
 */
export const problemCatalogue = {
  'input-invalid': {
    status: 422,
    title: 'The request is not of the documented form',
    fix: 'Correct the fields that the answer names.',
  },
  'body-too-large': {
    status: 413,
    title: 'The body is larger than the limit',
    fix: 'Send less; the answer names the limit.',
  },
  'token-missing': {
    status: 401,
    title: 'The request carries no token',
    fix: 'Send `Authorization: Bearer <token>`; `ringfort up` keeps the administrator’s token in its home folder.',
  },
  'token-invalid': {
    status: 401,
    title: 'The token is unknown, expired or revoked',
    fix: 'Make a new token with `ringfort token:create`.',
  },
  'permission-denied': {
    status: 403,
    title: 'The token may not do this',
    fix: 'Ask an administrator of the workspace for the permission that the answer names.',
  },
  'not-found': {
    status: 404,
    title: 'There is no such thing, or it belongs to somebody else',
    fix: 'Check the name; list what you can see with the `:list` command of its kind.',
  },
  'name-taken': {
    status: 409,
    title: 'The name is in use already',
    fix: 'Choose another name.',
  },
  'state-conflict': {
    status: 409,
    title: 'The thing is not in a state that allows this',
    fix: 'Wait for, or end, what the answer names; then try again.',
  },
  'idempotency-key-reused': {
    status: 422,
    title: 'The idempotency key was used before for another request',
    fix: 'Use a fresh `Idempotency-Key` for each different request.',
  },
  'too-many-requests': {
    status: 429,
    title: 'Too many requests in a short time',
    fix: 'Wait for the seconds in `Retry-After`, then try again.',
  },
  'source-refused': {
    status: 422,
    title: 'The source archive holds something that is not allowed in one',
    fix: 'Remove the entry that the answer names, then deploy again.',
  },
  'build-failed': {
    status: 422,
    title: 'The build ended with an error',
    fix: 'Read the build log (`ringfort logs --deployment <id>`), correct the application, deploy again.',
  },
  'domain-unproven': {
    status: 409,
    title: 'The ownership of the domain is not proved',
    fix: 'Publish the TXT record that the answer names, then run `ringfort domain:verify`.',
  },
  'ticket-refused': {
    status: 403,
    title: 'The ticket for this action is missing, expired or not signed by a member’s session',
    fix: 'Sign in and try again.',
  },
  'spec-stale': {
    status: 409,
    title: 'A newer specification of the environment was applied before',
    fix: 'Nothing to do by hand: the next reconciliation sends the newest.',
  },
  'engine-unavailable': {
    status: 503,
    title: 'The container engine does not answer',
    fix: 'See `ringfort status`; the supervisor restarts it. Its log is in the home folder under `log/`.',
  },
  'agent-unavailable': {
    status: 503,
    title: 'The agent does not answer',
    fix: 'See `ringfort status`; the supervisor restarts it. Applications keep running meanwhile.',
  },
  'prober-unavailable': {
    status: 503,
    title: 'The prober does not answer',
    fix: 'See `ringfort status`; the supervisor restarts it. Controls are `unknown` meanwhile.',
  },
  'database-unavailable': {
    status: 503,
    title: 'The database does not answer',
    fix: 'See `ringfort status`; applications keep running meanwhile. Try again shortly.',
  },
  'request-malformed': {
    status: 400,
    title: 'The request does not follow HTTP, or is ambiguous',
    fix: 'Correct what the answer names; browsers and common clients never send this.',
  },
  'method-not-allowed': {
    status: 405,
    title: 'The method is not allowed',
    fix: 'Use one of the methods in the `Allow` header.',
  },
  'request-timeout': {
    status: 408,
    title: 'The request took too long to arrive',
    fix: 'Send it again over a faster connection.',
  },
  'host-misdirected': {
    status: 421,
    title: 'The connection was made for another host name',
    fix: 'Open a new connection for this host name.',
  },
  'head-too-large': {
    status: 431,
    title: 'The request’s head is larger than the limit',
    fix: 'Send fewer or shorter header fields; cookies are the usual reason.',
  },
  'application-failed': {
    status: 502,
    title: 'The application gave no usable answer',
    fix: 'Try again shortly. Its maintainer finds the reason with `ringfort logs`.',
  },
  'application-unavailable': {
    status: 503,
    title: 'The application is not running at the moment',
    fix: 'Try again shortly. Its maintainer sees its state with `ringfort status`.',
  },
  'application-timeout': {
    status: 504,
    title: 'The application did not answer in time',
    fix: 'Try again shortly. Its maintainer finds the reason with `ringfort logs`.',
  },
  'control-unavailable': {
    status: 503,
    title: 'The control plane does not answer',
    fix: 'See `ringfort status`; the supervisor restarts it. Applications keep running meanwhile.',
  },
  internal: {
    status: 500,
    title: 'Something went wrong that should not',
    fix: 'Report it with the request id that the answer carries.',
  },
} as const satisfies Readonly<Record<string, ProblemEntry>>;

export type ProblemEntry = { readonly status: number; readonly title: string; readonly fix: string };
