import { listingDigestOf } from './expected-listing.ts';
import { mustRun, runProgram } from './run-program.ts';

/** A network namespace by its file below /run/netns: the name is never used again, so nothing else can be entered by mistake. */
export type NetworkNamespace = { readonly path: string };

/** The beginning of a command that runs inside the namespace. The rest of the host stays as it is. */
export function inside(namespace: NetworkNamespace): readonly [string, ...string[]] {
  return ['nsenter', `--net=${namespace.path}`, '--'];
}

/** Loads an nftables transaction into the namespace: all of it or nothing. */
export async function loadRules(namespace: NetworkNamespace, rules: string): Promise<void> {
  await mustRun([...inside(namespace), 'nft', '-f', '-'], { input: rules });
}

/** A digest of all rules in the namespace, without the state of their counters; undefined when it cannot be entered. */
export async function listingDigest(namespace: NetworkNamespace): Promise<string | undefined> {
  const listing = await runProgram([...inside(namespace), 'nft', '--stateless', 'list', 'ruleset']);
  return listing.code === 0 ? listingDigestOf(listing.stdout) : undefined;
}
