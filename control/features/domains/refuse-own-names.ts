import type { Hostname } from '@ringfort/contracts/names.ts';
import { Problem } from '@ringfort/contracts/problem.ts';

/** Names that the platform itself answers to. */
export type OwnNames = { readonly appsDomain: Hostname; readonly platformHostname: Hostname };

/**
 * Refuses host names that are the platform's, lie under the applications' domain (another environment's address could be taken), or
 * above it (its holder could set cookies for every application).
 */
export function refuseOwnNames(hostname: Hostname, own: OwnNames): void {
  const isOwn = [own.appsDomain, own.platformHostname].some(
    (name) => hostname === name || hostname.endsWith(`.${name}`) || name.endsWith(`.${hostname}`),
  );
  if (!isOwn && hostname.includes('.')) return;
  const reason = isOwn ? 'belongs to the platform' : 'is not a full host name';
  throw new Problem('input-invalid', `The host name “${hostname}” ${reason}. Use a domain of your own.`, {
    fields: [{ path: 'hostname', message: reason }],
  });
}
