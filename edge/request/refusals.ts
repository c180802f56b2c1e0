import type { ProblemCode } from '@ringfort/contracts/problem.ts';

/** Each reason for which the edge answers by itself, as the access log names it, with what it then says. */
export const refusals = {
  malformed: ['request-malformed', 'The request could be read in more than one way, or not at all.'],
  'host-invalid': ['request-malformed', 'The request needs exactly one Host field with a host name.'],
  'target-invalid': ['request-malformed', 'The request’s target is not a path on the host that it names.'],
  'websocket-invalid': ['request-malformed', 'The WebSocket handshake is not of the form of RFC 6455.'],
  'head-too-large': ['head-too-large', 'A head may have 16 KiB and 100 fields.'],
  'head-timeout': ['request-timeout', 'The head of the request did not arrive in time.'],
  'body-timeout': ['request-timeout', 'The body of the request did not arrive in time.'],
  'body-too-large': ['body-too-large', 'A body may have 1 GiB.'],
  'method-refused': ['method-not-allowed', 'CONNECT and TRACE are not served.'],
  'too-many-open': ['too-many-requests', 'The connection has too many requests open at once.'],
  misdirected: ['host-misdirected', 'The connection was made for another host name than the request is for.'],
  'no-site': ['not-found', 'There is no application at this host name.'],
  'no-route': ['not-found', 'No part of the application serves this path.'],
  'reserved-path': ['not-found', 'Paths below /.ringfort/ belong to the platform, and there is nothing at this one.'],
  'not-deployed': ['application-unavailable', 'Nothing is deployed here yet.'],
  'no-endpoint': ['application-unavailable', 'No replica of the application is running at the moment.'],
  'upstream-busy': ['application-unavailable', 'The application has as many open requests as it may.'],
  'upstream-refused': ['application-failed', 'The application accepts no connections at the moment.'],
  'upstream-reset': ['application-failed', 'The application closed the connection without an answer.'],
  'upstream-invalid': ['application-failed', 'The application gave an answer that does not follow HTTP.'],
  'upstream-timeout': ['application-timeout', 'The application did not answer in time.'],
  'control-down': ['control-unavailable', 'Control is down; applications keep running.'],
  'log-unavailable': ['internal', 'The access log cannot be written at the moment, and nothing is served unlogged.'],
} as const satisfies Readonly<Record<string, readonly [ProblemCode, string]>>;

export type Refusal = keyof typeof refusals;
