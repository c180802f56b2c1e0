import { join } from 'node:path';

import type { EnvironmentId } from '@ringfort/contracts/identifiers.ts';
import type { AgentConfig } from '@ringfort/contracts/program-config.ts';

import { agentLimits as limits } from '../limits.ts';
import { allotPlace, Places, type PlaceRecord } from '../plan/allot-place.ts';
import { countSubnets } from '../plan/subnet.ts';
import { findJsonFile } from './find-json-file.ts';
import { createSerial } from './serial.ts';
import { writeFileAtomically } from './write-file-atomically.ts';

/** The record of all places that this target ever gave out, in `places.json`. It is never cut: uid ranges are not used again. */
export type PlaceBook = {
  readonly find: (id: EnvironmentId) => PlaceRecord | undefined;
  readonly list: () => readonly PlaceRecord[];
  /** The environment's place; a new one is on disk before it is given out. */
  readonly allot: (id: EnvironmentId, options: { readonly throwaway: boolean }) => Promise<PlaceRecord>;
  /** Leaves a tombstone, also for an environment that never had a place. */
  readonly bury: (id: EnvironmentId, options: { readonly generation: number; readonly at: string }) => Promise<void>;
};

/** Reads the record back; throws when it is damaged, for without it uid ranges could be given twice. */
export async function openPlaceBook(config: PlaceBookConfig): Promise<PlaceBook> {
  const path = join(config.home, 'places.json');
  let places: Places = (await findJsonFile(path, Places)) ?? { v: 1, records: [] };
  const serial = createSerial();
  const find = (id: EnvironmentId): PlaceRecord | undefined =>
    places.records.find((record) => record.environmentId === id);
  const put = async (record: PlaceRecord): Promise<void> => {
    const others = places.records.filter(({ environmentId }) => environmentId !== record.environmentId);
    const next: Places = { v: 1, records: dropOldTombstones([...others, record]) };
    await writeFileAtomically(path, JSON.stringify(next, null, 2));
    places = next;
  };
  return {
    find,
    list: () => places.records,
    allot: (environmentId, { throwaway }) =>
      serial(async () => {
        const known = find(environmentId);
        if (known !== undefined) return known;
        const { environmentsMax } = config;
        const subnets = countSubnets(config.network);
        const record = allotPlace(places, { environmentId, throwaway, subnets, environmentsMax });
        await put(record);
        return record;
      }),
    bury: (environmentId, removed) =>
      serial(async () => {
        const known = find(environmentId) ?? { environmentId, throwaway: false, place: null, removed: null };
        await put({ ...known, removed });
      }),
  };
}

export type PlaceBookConfig = Pick<AgentConfig, 'home' | 'network' | 'environmentsMax'>;

/** Only tombstones without a place may go: nothing was ever made for them. */
function dropOldTombstones(records: PlaceRecord[]): PlaceRecord[] {
  const excess = records.length - limits.tombstonesMax;
  if (excess <= 0) return records;
  const oldest = records.filter((record) => record.place === null).slice(0, excess);
  return records.filter((record) => !oldest.includes(record));
}
