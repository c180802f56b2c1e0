import { BlockList } from 'node:net';

import type { EdgeConfig } from '@ringfort/contracts/program-config.ts';
import { parsePublicKey } from '@ringfort/contracts/signed.ts';
import type { Log } from '@ringfort/kit/log.ts';

import type { Serving } from './serving.ts';
import type { SnapshotStore } from './snapshot-store.ts';
import { openCertificates } from './tls-certificates.ts';
import { verifySnapshot } from './verify-snapshot.ts';

/** Where snapshots come in: verified, kept on disk, then served, in this order. */
export type SnapshotIntake = {
  /** Serves the last good snapshot from disk; without one nothing is served yet. */
  readonly restore: () => Promise<void>;
  /** Takes what control sent; says whether it is served by now. Refusals are logged. */
  readonly accept: (document: unknown) => Promise<boolean>;
};

/** Throws when the keys of the configuration are not Ed25519 keys; from then on everything that is refused is logged. */
export function createSnapshotIntake(options: SnapshotIntakeOptions): SnapshotIntake {
  const { config, serving, store, log } = options;
  const controlKey = parsePublicKey(config.controlKey);
  const agentKey = parsePublicKey(config.agentKey);
  const network = parseNetwork(config.network);

  const take = async (document: unknown, keep: () => Promise<void>): Promise<boolean> => {
    const verdict = verifySnapshot(document, { controlKey, agentKey, network, newerThan: serving.version });
    if ('refused' in verdict) {
      log.error('A snapshot was refused; the last good one is served on', { ...verdict, serving: serving.version });
      return false;
    }
    const { snapshot, refusedEndpoints } = verdict;
    if (refusedEndpoints.length > 0) log.error('Endpoints were refused', { refusedEndpoints });
    const previous = serving.certificates;
    const certificates = await openCertificates(snapshot.certificates, { ...options, previous });
    await keep();
    serving.swap(snapshot, certificates);
    log.info('A snapshot is served', { version: snapshot.version, sites: snapshot.sites.length });
    return true;
  };

  return {
    restore: async () => {
      const document = await store.load();
      if (document !== undefined) await take(document, async () => undefined);
    },
    accept: (document) => take(document, () => store.save(document)),
  };
}

export type SnapshotIntakeOptions = {
  readonly config: EdgeConfig;
  readonly sealingPrivateKey: string;
  readonly serving: Serving;
  readonly store: SnapshotStore;
  readonly log: Log;
};

function parseNetwork(cidr: string): BlockList {
  const [address = '', prefix = ''] = cidr.split('/');
  const list = new BlockList();
  list.addSubnet(address, Number(prefix), 'ipv4');
  return list;
}
