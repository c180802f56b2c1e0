import { Resolver } from 'node:dns/promises';

import { Problem } from '@ringfort/contracts/problem.ts';

import { controlLimits as limits } from '../../limits.ts';

/** The values of a name's TXT records; none when the name or the records are not there. */
export type ResolveTxt = (name: string) => Promise<readonly string[]>;

/** Asks the given DNS servers, or the system's when there are none. Throws the Problem `domain-unproven` when they do not answer. */
export function createResolveTxt(servers: readonly string[]): ResolveTxt {
  return async (name) => {
    const resolver = new Resolver({ timeout: limits.dnsTimeoutMs, tries: 1 });
    if (servers.length > 0) resolver.setServers(servers);
    try {
      const records = await resolver.resolveTxt(name);
      return records.slice(0, limits.dnsRecordsMax).map((chunks) => chunks.join(''));
    } catch (error) {
      if (isAbsent(error)) return [];
      const message = `The DNS servers did not answer for the TXT record “${name}”. Try again shortly.`;
      throw new Problem('domain-unproven', message, { cause: error });
    }
  };
}

function isAbsent(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOTFOUND' || error.code === 'ENODATA');
}
