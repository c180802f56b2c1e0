import type { KeyObject } from 'node:crypto';

import type { EnvironmentId, WorkspaceId } from '@ringfort/contracts/identifiers.ts';
import type { Hostname } from '@ringfort/contracts/names.ts';
import type { Clock } from '@ringfort/kit/clock.ts';

import type { Database } from '../../db/database.ts';
import { inWorkspace } from '../../db/transaction.ts';
import type { EnvironmentState } from '../environment-specs/environment-state.ts';
import { listAddresses, listEnvironmentStates } from '../environment-specs/store.ts';
import type { Addresses } from '../environment-specs/store.ts';
import { planEdgeSites } from './plan-edge-sites.ts';
import type { EdgeEnvironment } from './plan-edge-sites.ts';
import { digestContent, planSnapshotContent, signSnapshot } from './plan-edge-snapshot.ts';
import type { SnapshotContent } from './plan-edge-snapshot.ts';
import { listPlatformCertificates, storeSnapshot } from './store.ts';

/**
 * Makes the snapshot that follows from all environments, if it differs from the newest one. Reads one workspace in a transaction; that
 * their moments differ does no harm, since no site depends on another workspace.
 */
export async function publishSnapshot(
  workspaceIds: readonly WorkspaceId[],
  options: PublishSnapshotOptions,
): Promise<void> {
  const { database, key, clock } = options;
  await storeSnapshot(database, {
    plan: async () => {
      const content = await readContent(workspaceIds, options);
      return { content, digest: digestContent(content) };
    },
    sign: (content, version) => signSnapshot(content, { version, key, nowMs: clock.nowMs() }),
  });
}

export type PublishSnapshotOptions = {
  /** As the reconcilers' role. */
  readonly database: Database;
  readonly appsDomain: Hostname;
  /** Control's Ed25519 key. */
  readonly key: KeyObject;
  readonly clock: Clock;
};

function asSite(state: EnvironmentState, appsDomain: Hostname): EdgeEnvironment {
  const { workspaceId, environmentId, project, environment, domains, createdAtMs, progress } = state;
  const active = progress.activeReleaseId === null ? undefined : state.releases.get(progress.activeReleaseId);
  const live = active === undefined ? undefined : { releaseId: active.releaseId, config: active.config };
  return { workspaceId, environmentId, project, environment, appsDomain, domains, createdAtMs, live };
}

async function readContent(
  workspaceIds: readonly WorkspaceId[],
  { database, appsDomain }: PublishSnapshotOptions,
): Promise<SnapshotContent> {
  const environments: EdgeEnvironment[] = [];
  const byEnvironment = new Map<EnvironmentId, Addresses>();
  for (const workspaceId of workspaceIds) {
    await inWorkspace(database, { workspaceId, readOnly: true }, async (tx) => {
      const states = await listEnvironmentStates(tx);
      environments.push(
        ...states.filter(({ wanted }) => wanted === 'present').map((state) => asSite(state, appsDomain)),
      );
      for (const [id, addresses] of await listAddresses(tx)) byEnvironment.set(id, addresses);
    });
  }
  const platformCertificates = await listPlatformCertificates(database);
  return planSnapshotContent(planEdgeSites(environments), { byEnvironment, platformCertificates });
}
