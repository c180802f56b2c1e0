import { createHash } from 'node:crypto';

import type { DriverContext } from './context.ts';
import { expectedListing } from './expected-listing.ts';
import { listingDigest, loadRules, type NetworkNamespace } from './network-namespace.ts';

/**
 * Makes the rules in a namespace those planned, without a moment in between and without touching what runs there. Nothing is loaded
 * when they are intact.
 */
export async function ensureRules(context: DriverContext, options: EnsureRulesOptions): Promise<void> {
  const planned = createHash('sha256').update(options.rules).digest('hex');
  const loaded = await context.rules.find(options.pauseId);
  const isSame = loaded?.planned === planned && loaded.namespace === options.namespace.path;
  if (isSame && (await listingDigest(options.namespace)) === loaded.listed) return;
  const listed = await expectedListing(options.rules, ['ruleset']);
  await loadRules(options.namespace, options.rules);
  await context.rules.put(options.pauseId, { namespace: options.namespace.path, planned, listed });
}

export type EnsureRulesOptions = {
  readonly pauseId: string;
  readonly namespace: NetworkNamespace;
  readonly rules: string;
};
