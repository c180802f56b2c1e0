import type { EnvironmentPlace } from '@ringfort/drivers/driver.ts';

import { allotAddresses, freshAddresses, releaseAddresses, type Addresses } from '../plan/allot-addresses.ts';
import { addressIn } from '../plan/subnet.ts';
import { addressesDocument } from './environment-documents.ts';
import type { EnvironmentStore } from './environment-store.ts';
import { createSerial } from './serial.ts';

/** Who has which address in one environment. Each change is on disk before it counts. */
export type AddressBook = {
  /** The address of a key that has one; throws otherwise, which is a bug. */
  readonly addressOf: (key: string) => string;
  /** Throws `state-conflict` when there are not enough. */
  readonly allot: (keys: readonly string[]) => Promise<void>;
  readonly release: (isOver: (key: string) => boolean) => Promise<void>;
};

/** Reads an environment's addresses back; a new one has none in use. */
export async function openAddressBook(place: EnvironmentPlace, store: EnvironmentStore): Promise<AddressBook> {
  const id = place.environmentId;
  let addresses = (await store.find(id, addressesDocument)) ?? freshAddresses();
  const serial = createSerial();
  const change = (make: (current: Addresses) => Addresses): Promise<void> =>
    serial(async () => {
      const next = make(addresses);
      if (next === addresses) return;
      await store.write(id, addressesDocument, next);
      addresses = next;
    });
  return {
    addressOf: (key) => {
      const offset = addresses.assigned[key];
      if (offset === undefined) throw new Error(`${key} has no address`);
      return addressIn(place.subnet, offset);
    },
    allot: (keys) => change((current) => allotAddresses(current, keys)),
    release: (isOver) => change((current) => releaseAddresses(current, isOver)),
  };
}
