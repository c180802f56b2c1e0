import { createHash, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';

import { mustRun, runProgram } from './run-program.ts';

/**
 * The digest of what `nft list` shows once these rules are loaded, found out in an empty namespace of its own. It must not be read where the
 * rules are loaded in earnest: whoever changes them right after the load would have the change taken for what was planned.
 */
export async function expectedListing(rules: string, list: readonly string[]): Promise<string> {
  const key = createHash('sha256')
    .update(JSON.stringify([rules, list]))
    .digest('hex');
  const known = knownListings.get(key);
  if (known !== undefined) return known;
  const listed = await listInScratch(rules, list);
  if (knownListings.size >= knownListingsMax) knownListings.clear();
  knownListings.set(key, listed);
  return listed;
}

/** The digest of a listing as it is compared. */
export function listingDigestOf(stdout: string): string {
  return createHash('sha256').update(stdout).digest('hex');
}

/** Removes namespaces that processes left which are gone. Those of another agent that works just now stay. */
export async function sweepScratch(): Promise<void> {
  const { stdout } = await runProgram(['ip', 'netns', 'list']);
  for (const line of stdout.split('\n')) {
    const [, name, pid] = /^(ringfort-scratch-(\d+)-\w+)/.exec(line) ?? [];
    if (name === undefined || pid === undefined || existsSync(`/proc/${pid}`)) continue;
    await runProgram(['ip', 'netns', 'delete', name]);
  }
}

const knownListingsMax = 1_000;
/** Listings depend on the rules alone, so what was found out once holds. */
const knownListings = new Map<string, string>();

async function listInScratch(rules: string, list: readonly string[]): Promise<string> {
  const name = `ringfort-scratch-${process.pid}-${randomBytes(8).toString('hex')}`;
  await mustRun(['ip', 'netns', 'add', name]);
  try {
    const inside = ['ip', 'netns', 'exec', name, 'nft'] as const;
    await mustRun([...inside, '-f', '-'], { input: rules });
    return listingDigestOf(await mustRun([...inside, '--stateless', 'list', ...list]));
  } finally {
    await runProgram(['ip', 'netns', 'delete', name]);
  }
}
