import type { EnvironmentSpec } from '@ringfort/contracts/environment-spec.ts';
import type { EnvironmentId } from '@ringfort/contracts/identifiers.ts';
import type { EnvironmentPlace, EnvironmentPlan } from '@ringfort/drivers/driver.ts';

import { noCertificates } from '../authority/renew-certificates.ts';
import { noCredentials, type Credentials } from '../plan/credentials.ts';
import { openAddressBook, type AddressBook } from '../store/address-book.ts';
import {
  appliedDocument,
  certificatesDocument,
  credentialsDocument,
  specDocument,
  type KeptCertificates,
} from '../store/environment-documents.ts';
import type { EnvironmentStore } from '../store/environment-store.ts';
import type { WorkloadStatus } from './workload-status.ts';

/**
 * What the agent holds of one environment in memory. Its own loop alone changes it, but for `spec`, which `applySpec` sets; whatever
 * must outlast the agent is on disk before it is here.
 */
export type Environment = {
  readonly id: EnvironmentId;
  readonly place: EnvironmentPlace;
  readonly addresses: AddressBook;
  spec: EnvironmentSpec;
  appliedGeneration: number;
  credentials: Credentials;
  certificates: KeptCertificates;
  /** Of the newest generation that the loop began with; undefined until then. */
  plan: EnvironmentPlan | undefined;
  statuses: ReadonlyMap<string, WorkloadStatus>;
  message: string;
  /** Whether this agent has seen what runs. Until then nothing may be told of it: silence would take its endpoints away. */
  isSeen: boolean;
  /** Whether this agent has applied it once: a newer agent may plan other rules for what runs unchanged. */
  isApplied: boolean;
};

/** Reads an environment from disk; undefined when the agent fell between giving it a place and keeping its specification. */
export async function findEnvironment(
  place: EnvironmentPlace,
  store: EnvironmentStore,
): Promise<Environment | undefined> {
  const id = place.environmentId;
  const spec = await store.find(id, specDocument);
  if (spec === undefined) return undefined;
  return {
    id,
    place,
    addresses: await openAddressBook(place, store),
    spec,
    appliedGeneration: (await store.find(id, appliedDocument))?.generation ?? 0,
    credentials: (await store.find(id, credentialsDocument)) ?? noCredentials,
    certificates: (await store.find(id, certificatesDocument)) ?? noCertificates,
    plan: undefined,
    statuses: new Map(),
    message: 'The agent has only just started',
    isSeen: false,
    isApplied: false,
  };
}
