import { Hostname } from '@ringfort/contracts/names.ts';

const authority = /^([a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?)\.?(?::(\d{1,5}))?$/;

/**
 * The host name of a `Host` field or of an authority (RFC 9110 §7.2), in the form in which the snapshot names it: lower case,
 * without port and trailing dot. Undefined when it is anything else: several hosts, user information, an address, odd characters.
 */
export function parseHost(value: string): string | undefined {
  const match = authority.exec(value.toLowerCase());
  const [, hostname, port] = match ?? [];
  if (hostname === undefined || Number(port ?? 0) > 65_535) return undefined;
  return Hostname.safeParse(hostname).success ? hostname : undefined;
}
