import { lookup } from 'node:dns/promises';

import { isInNetwork, isPublicAddress } from './public-address.ts';
import { buildProxyLimits as limits } from './limits.ts';

/** Where a build may connect to: resolved once, and connected to by this very address, so that a second answer of the DNS changes nothing. */
export type Mirror = { readonly host: string; readonly port: number; readonly address: string };

/** Why a request is refused, with the HTTP status to say so. */
export type Refusal = { readonly status: 403 | 502; readonly reason: string };

/** The address of a wanted host and port, when it is a mirror of the list and lies in the public internet. Never rejects. */
export async function findMirror(
  wanted: { readonly host: string; readonly port: number },
  rules: MirrorRules,
): Promise<Mirror | Refusal> {
  const host = wanted.host.toLowerCase();
  if (!rules.mirrors.includes(host))
    return { status: 403, reason: `${quote(host)} is not a package mirror of this platform` };
  if (!rules.isPortAllowed(wanted.port))
    return { status: 403, reason: `Port ${wanted.port} is closed; mirrors answer on 80 and 443` };
  const addresses = await resolve(host);
  if (addresses.length === 0) return { status: 502, reason: `${quote(host)} has no address` };
  const address = addresses.find((one) => rules.isAddressAllowed(one) && !isInNetwork(one, rules.network));
  if (address === undefined) return { status: 403, reason: `${quote(host)} leads to an address that is not public` };
  return { host, port: wanted.port, address };
}

export type MirrorRules = {
  readonly mirrors: readonly string[];
  /** The instance's own network, which is never a mirror's. */
  readonly network: string;
  readonly isPortAllowed: (port: number) => boolean;
  readonly isAddressAllowed: (address: string) => boolean;
};

/** Ports and addresses as they are in production. */
export const publicMirrors = {
  isPortAllowed: (port: number): boolean => limits.ports.some((one) => one === port),
  isAddressAllowed: isPublicAddress,
};

/** IPv4 first: not every host that has IPv6 addresses reaches them. */
async function resolve(host: string): Promise<readonly string[]> {
  const answer = lookup(host, { all: true, order: 'ipv4first' }).catch(() => []);
  const timeout = new Promise<[]>((done) => void setTimeout(done, limits.resolveTimeoutMs, []).unref());
  const found = await Promise.race([answer, timeout]);
  return found.map(({ address }) => address);
}

function quote(host: string): string {
  return `“${host.replace(/[^a-z0-9.:-]/g, '?').slice(0, 255)}”`;
}
