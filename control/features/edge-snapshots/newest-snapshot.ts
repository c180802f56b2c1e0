import { EdgeSites } from '@ringfort/contracts/edge-snapshot.ts';
import type { EdgeSnapshot } from '@ringfort/contracts/edge-snapshot.ts';
import type { EnvironmentId, ReleaseId } from '@ringfort/contracts/identifiers.ts';

import type { Database } from '../../db/database.ts';
import { findNewestSnapshot, findNewestVersion } from './store.ts';

/** The newest snapshot, read again only when there is a newer one. */
export type NewestSnapshot = {
  /** Looks for a newer one, whoever made it. Those who wait for one are woken. */
  readonly refresh: () => Promise<LoadedSnapshot | undefined>;
  /** Calls back once with the next newer snapshot; gives what takes the call back. */
  readonly onNext: (listener: () => void) => () => void;
};

export type LoadedSnapshot = {
  readonly version: number;
  readonly digest: string;
  readonly snapshot: EdgeSnapshot;
  /** The release that each environment's site names. */
  readonly sites: ReadonlyMap<EnvironmentId, { readonly releaseId: ReleaseId | null }>;
};

/** Reads nothing before it is asked. `database` is opened as the reconcilers' role. */
export function watchNewestSnapshot(database: Database): NewestSnapshot {
  const listeners = new Set<() => void>();
  let loaded: LoadedSnapshot | undefined;
  return {
    refresh: async () => {
      if ((await findNewestVersion(database)) === (loaded?.version ?? 0)) return loaded;
      loaded = await load(database);
      const waiting = [...listeners];
      listeners.clear();
      for (const listener of waiting) listener();
      return loaded;
    },
    onNext: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

async function load(database: Database): Promise<LoadedSnapshot | undefined> {
  const found = await findNewestSnapshot(database);
  if (found === undefined) return undefined;
  const { digest, snapshot } = found;
  const { version, sites } = EdgeSites.parse(JSON.parse(snapshot.sites.text));
  return { version, digest, snapshot, sites: new Map(sites.map((site) => [site.environmentId, site])) };
}
