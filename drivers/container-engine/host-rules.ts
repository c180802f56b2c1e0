import { z } from 'zod';

import { expectedListing, listingDigestOf } from './expected-listing.ts';
import { hostTable, hostTableName } from './host-table.ts';
import type { ContainerEngineOptions } from './options.ts';
import { mustRun, runProgram } from './run-program.ts';

/**
 * Keeps the host's own table as it has to be. Every change renders the whole table and loads it in one transaction, so that what the
 * table holds never depends on what happened before, and a table that somebody else flushed comes back with the next `ensure`.
 */
export type HostRules = {
  readonly change: (bridges: BridgeChange) => Promise<void>;
  /** Lets one build's address reach the build proxy, until it is taken away. */
  readonly admitBuilder: (address: string) => Promise<void>;
  readonly dismissBuilder: (address: string) => Promise<void>;
  readonly ensure: () => Promise<void>;
};

export type Bridge = { readonly name: string; readonly gateway: string };
export type BridgeChange = { readonly add: readonly Bridge[] } | { readonly remove: Bridge };

/** Starts with no bridge and loads nothing yet. */
export function createHostRules(options: ContainerEngineOptions): HostRules {
  const bridges = new Map<string, string>();
  const builders = new Set<string>();
  let loaded = { text: '', listed: '' };
  let last: Promise<void> = Promise.resolve();

  const sync = async (): Promise<void> => {
    const { interfacePrefix, network, edgeUid, buildProxy } = options;
    const list = [...bridges].map(([name, gateway]) => ({ name, gateway }));
    const uplinks = await listUplinks();
    const plan = { interfacePrefix, network, edgeUid, buildProxy, uplinks, bridges: list, builders: [...builders] };
    const text = hostTable(plan);
    if (text === loaded.text && (await listing(interfacePrefix)) === loaded.listed) return;
    const listed = await expectedListing(text, listTable(interfacePrefix));
    await mustRun(['nft', '-f', '-'], { input: text });
    loaded = { text, listed };
  };
  /** One after the other: two loads at once could record each other's listing. */
  const syncInTurn = (): Promise<void> => {
    last = last.then(sync, sync);
    return last;
  };
  return {
    change: (change) => {
      if ('remove' in change) bridges.delete(change.remove.name);
      else for (const { name, gateway } of change.add) bridges.set(name, gateway);
      return syncInTurn();
    },
    admitBuilder: (address) => {
      builders.add(address);
      return syncInTurn();
    },
    dismissBuilder: (address) => {
      builders.delete(address);
      return syncInTurn();
    },
    ensure: syncInTurn,
  };
}

/** A digest of the table as the kernel has it; that of nothing when it is gone. */
async function listing(interfacePrefix: string): Promise<string> {
  const shown = await runProgram(['nft', '--stateless', 'list', ...listTable(interfacePrefix)]);
  return listingDigestOf(shown.code === 0 ? shown.stdout : '');
}

function listTable(interfacePrefix: string): readonly string[] {
  return ['table', 'inet', hostTableName(interfacePrefix)];
}

/** Interfaces with an IPv4 default route. */
async function listUplinks(): Promise<readonly string[]> {
  const Routes = z.array(z.object({ dev: z.string() }));
  const output = await mustRun(['ip', '-json', '-4', 'route', 'show', 'default']);
  const routes = Routes.parse(JSON.parse(output.trim() === '' ? '[]' : output));
  return [...new Set(routes.map(({ dev }) => dev))].toSorted();
}
