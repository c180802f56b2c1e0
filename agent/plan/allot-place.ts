import { EnvironmentId } from '@ringfort/contracts/identifiers.ts';
import { Problem } from '@ringfort/contracts/problem.ts';
import { z } from 'zod';

const Index = z.number().int().min(0);

/**
 * Which uid range and which subnet an environment has on this target. The record outlives the environment: as a tombstone it keeps
 * the identifier from coming back and the uid range from being used again. Without a place for one that was removed before it came.
 */
export const PlaceRecord = z.strictObject({
  environmentId: EnvironmentId,
  throwaway: z.boolean(),
  place: z.strictObject({ uidIndex: Index, subnetIndex: Index }).nullable(),
  removed: z.strictObject({ generation: z.number().int(), at: z.iso.datetime() }).nullable(),
});
export type PlaceRecord = z.infer<typeof PlaceRecord>;

export const Places = z.strictObject({ v: z.literal(1), records: z.array(PlaceRecord) });
export type Places = z.infer<typeof Places>;

/**
 * A place for a new environment: the next uid range that nobody ever had, and the next subnet; only when no fresh subnet is left, the
 * one that has been free for longest. Index 0 is the platform's. Throws `state-conflict` when the target is full.
 */
export function allotPlace(places: Places, options: AllotOptions): PlaceRecord {
  const records = places.records.flatMap((record) => (record.place === null ? [] : [{ ...record, ...record.place }]));
  const uidIndex = Math.max(0, ...records.map((record) => record.uidIndex)) + 1;
  const subnetIndex = nextSubnet(records, options.subnets);
  if (uidIndex >= options.environmentsMax || subnetIndex === undefined) {
    throw new Problem(
      'state-conflict',
      'This target has no room for another environment. Remove some, or add a target.',
    );
  }
  const { environmentId, throwaway } = options;
  return { environmentId, throwaway, place: { uidIndex, subnetIndex }, removed: null };
}

export type AllotOptions = {
  readonly environmentId: EnvironmentId;
  readonly throwaway: boolean;
  /** Subnets and uid ranges that there are, the platform's own included. */
  readonly subnets: number;
  readonly environmentsMax: number;
};

type Allotted = { readonly subnetIndex: number; readonly removed: PlaceRecord['removed'] };

function nextSubnet(records: readonly Allotted[], subnets: number): number | undefined {
  const fresh = Math.max(0, ...records.map((record) => record.subnetIndex)) + 1;
  if (fresh < subnets) return fresh;
  const freeSince = new Map<number, string>();
  for (const { subnetIndex, removed } of records) {
    const last = freeSince.get(subnetIndex) ?? '';
    freeSince.set(subnetIndex, removed === null || last === inUse ? inUse : last > removed.at ? last : removed.at);
  }
  return [...freeSince]
    .filter(([, at]) => at !== inUse)
    .toSorted(([, one], [, other]) => (one < other ? -1 : 1))
    .at(0)?.[0];
}

const inUse = 'in use';
