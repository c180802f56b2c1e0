import type { Connection } from './connection.ts';

/**
 * The fields by which an application learns who asked and for what. They replace whatever the client sent under these names.
 * Names and values in turn; the same array for each request of a connection.
 */
export function forwardingHeaders(connection: Connection, { hostname, port }: Authority): readonly string[] {
  connection.forwarding ??= build(connection, { hostname, port });
  return connection.forwarding;
}

/** The host that the edge serves and the port at which it does, from configuration and not from the client. */
export type Authority = { readonly hostname: string; readonly port: number };

/** `host`, or `host:port` where the port is not the scheme's own. */
export function formatAuthority({ hostname, port }: Authority): string {
  return port === 443 ? hostname : `${hostname}:${port}`;
}

function build(connection: Connection, authority: Authority): readonly string[] {
  const { clientAddress, scheme } = connection;
  const host = formatAuthority(authority);
  const node = clientAddress.includes(':') ? `[${clientAddress}]` : clientAddress;
  return [
    'Host',
    host,
    'X-Forwarded-For',
    clientAddress,
    'X-Forwarded-Proto',
    scheme,
    'X-Forwarded-Host',
    host,
    'X-Forwarded-Port',
    String(authority.port),
    'X-Real-IP',
    clientAddress,
    'Forwarded',
    `for="${node}";host="${host}";proto=${scheme}`,
  ];
}
