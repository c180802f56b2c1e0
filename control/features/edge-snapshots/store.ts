import { sql } from 'kysely';
import type { Kysely } from 'kysely';

import { EdgeSnapshot } from '@ringfort/contracts/edge-snapshot.ts';
import type { EdgeCertificate } from '@ringfort/contracts/edge-snapshot.ts';
import type { Hostname } from '@ringfort/contracts/names.ts';

import { translateDatabaseError } from '../../db/database-problem.ts';
import type { Database } from '../../db/database.ts';
import type { Json } from '../../db/tables.ts';
import type { EdgeSeen } from '../deployments/next-switch-step.ts';

/** The newest snapshot of the platform; undefined before the first. */
export async function findNewestSnapshot(database: Database): Promise<StoredSnapshot | undefined> {
  const row = await translated(
    edgeTables(database)
      .selectFrom('edge_snapshots')
      .selectAll()
      .orderBy('version', 'desc')
      .limit(1)
      .executeTakeFirst(),
  );
  if (row === undefined) return undefined;
  return { digest: row.digest, snapshot: EdgeSnapshot.parse(JSON.parse(row.content)) };
}

/** The version of the newest snapshot; 0 before the first. */
export async function findNewestVersion(database: Database): Promise<number> {
  const row = await translated(
    edgeTables(database).selectFrom('edge_snapshot_versions').select('newest').executeTakeFirstOrThrow(),
  );
  return row.newest;
}

/**
 * Stores a snapshot if its content differs from the newest one's. `plan` reads what the content follows from while nobody else makes a
 * snapshot, so that a newer version never holds an older state; `sign` is told the version, which none has had before.
 */
export async function storeSnapshot<T>(database: Database, making: SnapshotMaking<T>): Promise<void> {
  const work = edgeTables(database)
    .transaction()
    .execute(async (tx) => {
      const versions = tx.selectFrom('edge_snapshot_versions').select('newest').forUpdate();
      const { newest } = await versions.executeTakeFirstOrThrow();
      const { content: planned, digest } = await making.plan();
      const last = await tx
        .selectFrom('edge_snapshots')
        .select('digest')
        .where('version', '=', newest)
        .executeTakeFirst();
      if (last?.digest === digest) return;
      const version = newest + 1;
      const content = JSON.stringify(making.sign(planned, version));
      await tx.updateTable('edge_snapshot_versions').set({ newest: version }).execute();
      await tx.insertInto('edge_snapshots').values({ version, digest, content }).execute();
      await tx.deleteFrom('edge_snapshots').where('version', '<', version).execute();
    });
  await translated(work);
}

/** Every edge that was ever heard of. */
export async function listEdges(database: Database): Promise<readonly EdgeSeen[]> {
  const rows = await translated(edgeTables(database).selectFrom('edges').selectAll().execute());
  return rows.map((row) => ({
    edgeId: row.edge_id,
    lastSeenAtMs: row.last_seen_at.getTime(),
    ackedVersion: row.acked_version,
  }));
}

/** Keeps that an edge was heard, and which version it says that it serves. */
export async function saveEdge(database: Database, seen: SavedEdge): Promise<void> {
  const acked = seen.ackedVersion === undefined ? {} : { acked_version: seen.ackedVersion };
  const values = { last_seen_at: new Date(seen.atMs), ...acked };
  await translated(
    edgeTables(database)
      .insertInto('edges')
      .values({ edge_id: seen.edgeId, acked_version: 0, ...values })
      .onConflict((conflict) => conflict.column('edge_id').doUpdateSet(values))
      .execute(),
  );
}

/** The certificates of the platform's own host names. */
export async function listPlatformCertificates(database: Database): Promise<readonly EdgeCertificate[]> {
  const rows = await translated(
    edgeTables(database).selectFrom('platform_certificates').selectAll().orderBy('hostname').execute(),
  );
  return rows.map((row) => row.certificate);
}

/** Keeps the certificates of the platform's own host names. */
export async function savePlatformCertificates(
  database: Database,
  certificates: readonly EdgeCertificate[],
): Promise<void> {
  if (certificates.length === 0) return;
  const values = certificates.map((one) => ({ hostname: one.hostname, certificate: JSON.stringify(one) }));
  await translated(
    edgeTables(database)
      .insertInto('platform_certificates')
      .values(values)
      .onConflict((conflict) =>
        conflict.column('hostname').doUpdateSet((set) => ({ certificate: sql`${set.ref('excluded.certificate')}` })),
      )
      .execute(),
  );
}

export type StoredSnapshot = { readonly digest: string; readonly snapshot: EdgeSnapshot };

export type SnapshotMaking<T> = {
  readonly plan: () => Promise<{ readonly content: T; readonly digest: string }>;
  readonly sign: (content: T, version: number) => EdgeSnapshot;
};

export type SavedEdge = { readonly edgeId: string; readonly atMs: number; readonly ackedVersion?: number };

type EdgeTables = {
  readonly edge_snapshots: { version: number; digest: string; content: string };
  readonly edge_snapshot_versions: { singleton: boolean; newest: number };
  readonly edges: { edge_id: string; last_seen_at: Date; acked_version: number };
  readonly platform_certificates: { hostname: Hostname; certificate: Json<EdgeCertificate> };
};

function edgeTables(database: Database): Kysely<EdgeTables> {
  return database.kysely.withTables<EdgeTables>();
}

async function translated<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw translateDatabaseError(error);
  }
}
