import { exitCodes, Failure } from './failure.ts';

/** The failure of a connection rather than of a request; the same request may work a moment later when `isLoss`. */
export class ConnectionFailure extends Failure {
  readonly isLoss: boolean;

  constructor(message: string, options: { readonly fix: string; readonly isLoss: boolean; readonly cause: unknown }) {
    super(message, { exitCode: exitCodes.unavailable, fix: options.fix, cause: options.cause });
    this.isLoss = options.isLoss;
  }
}

/** Says in words what an error of the network, of TLS or of the edge's own answer means, and what to do about it. */
export function connectionFailure(error: unknown, url?: URL): Error {
  if (error instanceof Failure) return error;
  const code = errorCode(error);
  if (code === undefined) return error instanceof Error ? error : new Error(String(error));
  const where = url === undefined ? 'The platform' : `The platform at ${url.origin}`;
  const known = explanations.find((entry) => entry.codes.test(code));
  if (known === undefined) return error instanceof Error ? error : new Error(code);
  return new ConnectionFailure(`${where} ${known.says} (${code}).`, { ...known, cause: error });
}

/** Says whether the connection failed in a way that passes. */
export function isConnectionLoss(error: unknown): boolean {
  return error instanceof ConnectionFailure && error.isLoss;
}

const start = 'Start it with `./ringfort up`, or point RINGFORT_URL to where it runs. `ringfort status` tells more.';

const explanations: readonly {
  readonly codes: RegExp;
  readonly says: string;
  readonly fix: string;
  readonly isLoss: boolean;
}[] = [
  { codes: /^ECONNREFUSED$/, says: 'does not answer', fix: start, isLoss: true },
  {
    codes: /^(ECONNRESET|EPIPE|UND_ERR_SOCKET|UND_ERR_CLOSED|UND_ERR_DESTROYED|HPE_.*|ERR_STREAM_PREMATURE_CLOSE)$/,
    says: 'ended the connection',
    fix: 'Try again; `ringfort status` tells whether all of its programs run.',
    isLoss: true,
  },
  {
    codes:
      /^(ETIMEDOUT|UND_ERR_CONNECT_TIMEOUT|UND_ERR_HEADERS_TIMEOUT|UND_ERR_BODY_TIMEOUT|EHOSTUNREACH|ENETUNREACH)$/,
    says: 'cannot be reached in time',
    fix: 'Check the network and RINGFORT_URL, then try again.',
    isLoss: true,
  },
  {
    codes: /^(ENOTFOUND|EAI_AGAIN)$/,
    says: 'has a host name that cannot be resolved',
    fix: 'Check RINGFORT_URL.',
    isLoss: false,
  },
  {
    codes: /^EDGE_ALONE$/,
    says: 'is up, but its control program does not answer',
    fix: 'Applications keep running meanwhile. See `ringfort status`; the supervisor restarts it. Try again shortly.',
    isLoss: true,
  },
  {
    codes: /CERT|SIGNATURE|ISSUER|SELF_SIGNED|SSL|TLS/,
    says: 'shows a certificate that is not trusted',
    fix: 'Name the authority’s file in RINGFORT_CA; on the platform’s machine it is `authority.pem` in the instance’s home.',
    isLoss: false,
  },
];

function errorCode(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  if ('code' in error && typeof error.code === 'string') return error.code;
  if (error instanceof AggregateError) return error.errors.map(errorCode).find((code) => code !== undefined);
  return 'cause' in error ? errorCode(error.cause) : undefined;
}
