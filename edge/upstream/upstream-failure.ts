/** Why an upstream gave no answer, in the words of the access log. */
export type UpstreamFailure = 'upstream-refused' | 'upstream-timeout' | 'upstream-reset' | 'upstream-invalid';

/** What kind of failure an error of undici or of the socket is. Whatever is unknown counts as an invalid answer. */
export function upstreamFailure(error: Error): UpstreamFailure {
  return failures[errorCode(error)] ?? 'upstream-invalid';
}

const failures: Readonly<Record<string, UpstreamFailure>> = {
  ECONNREFUSED: 'upstream-refused',
  EHOSTUNREACH: 'upstream-refused',
  ENETUNREACH: 'upstream-refused',
  EACCES: 'upstream-refused',
  EPERM: 'upstream-refused',
  ENOENT: 'upstream-refused',
  ETIMEDOUT: 'upstream-timeout',
  UND_ERR_CONNECT_TIMEOUT: 'upstream-timeout',
  UND_ERR_HEADERS_TIMEOUT: 'upstream-timeout',
  UND_ERR_BODY_TIMEOUT: 'upstream-timeout',
  UND_ERR_SOCKET: 'upstream-reset',
  UND_ERR_CLOSED: 'upstream-reset',
  UND_ERR_DESTROYED: 'upstream-reset',
  ECONNRESET: 'upstream-reset',
  EPIPE: 'upstream-reset',
};

function errorCode(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : '';
}
