import type { ColumnType, GeneratedAlways, Kysely, Selectable } from 'kysely';

import type { ProjectConfig } from '@ringfort/contracts/application-config.ts';
import type { DeploymentState } from '@ringfort/contracts/deployment-step.ts';
import type { EdgeCertificate } from '@ringfort/contracts/edge-snapshot.ts';
import type { EnvironmentSpec, ImageDigest, ServiceSpec } from '@ringfort/contracts/environment-spec.ts';
import type { DeploymentId, EnvironmentId, ReleaseId, WorkspaceId } from '@ringfort/contracts/identifiers.ts';
import type { Signed } from '@ringfort/contracts/signed.ts';

import type { CreatedAt, Json, Tables } from '../../db/tables.ts';
import type { Transaction } from '../../db/transaction.ts';

/** The transaction with the tables of sources, deployments, releases and specifications. */
export function withDeployments(tx: Transaction): Kysely<Tables & DeploymentTables> {
  return tx.withTables<DeploymentTables>();
}

export type DeploymentTables = {
  readonly sources: { workspace_id: WorkspaceId; digest: string; size_bytes: number; stored_at: Date };
  readonly source_removals: { workspace_id: WorkspaceId; digest: string; removed_at: Date };
  readonly deployments: DeploymentTable;
  readonly releases: ReleaseTable;
  readonly deployment_progress: ProgressTable;
  readonly deployment_builds: BuildTable;
  readonly deployment_events: EventTable;
  readonly environment_progress: EnvironmentProgressTable;
  readonly environment_specs: SpecTable;
  readonly environment_addresses: AddressTable;
};

type DeploymentTable = {
  workspace_id: WorkspaceId;
  id: DeploymentId;
  environment_id: EnvironmentId;
  sequence: GeneratedAlways<number>;
  kind: 'source' | 'rollback';
  config: ColumnType<ProjectConfig | null, string | null, never>;
  source_digest: string | null;
  target_release_id: ReleaseId | null;
  created_at: CreatedAt;
};

type ReleaseTable = {
  workspace_id: WorkspaceId;
  id: ReleaseId;
  environment_id: EnvironmentId;
  number: number;
  deployment_id: DeploymentId;
  source_digest: string;
  config: Json<ProjectConfig>;
  images: Json<Record<string, ImageDigest>>;
  created_at: CreatedAt;
};

type ProgressTable = {
  workspace_id: WorkspaceId;
  deployment_id: DeploymentId;
  environment_id: EnvironmentId;
  state: DeploymentState;
  message: string;
  release_id: ReleaseId | null;
  awaited_generation: number;
  entered_at: Date;
  finished_at: Date | null;
};

type BuildTable = {
  workspace_id: WorkspaceId;
  deployment_id: DeploymentId;
  component: string;
  image: ImageDigest | null;
  failure: string | null;
  finished_at: Date;
};

type EventTable = {
  workspace_id: WorkspaceId;
  deployment_id: DeploymentId;
  sequence: GeneratedAlways<number>;
  at: Date;
  state: DeploymentState;
  line: string;
  component: string | null;
  ordinal: number | null;
};

type EnvironmentProgressTable = {
  workspace_id: WorkspaceId;
  environment_id: EnvironmentId;
  services: Json<ServiceSpec[]>;
  active_release_id: ReleaseId | null;
  candidate_release_id: ReleaseId | null;
  draining_release_id: ReleaseId | null;
  switch_version: number | null;
  switch_acknowledged_at: Date | null;
  withdrawing: boolean;
  withdrawn_at: Date | null;
};

/** What of it is read besides its key. */
export type EnvironmentProgressRow = Omit<Selectable<EnvironmentProgressTable>, 'workspace_id' | 'environment_id'>;

type SpecTable = {
  workspace_id: WorkspaceId;
  environment_id: EnvironmentId;
  generation: number;
  digest: string;
  spec: Json<EnvironmentSpec>;
};

type AddressTable = {
  workspace_id: WorkspaceId;
  environment_id: EnvironmentId;
  endpoints: Json<Signed[]>;
  certificates: Json<EdgeCertificate[]>;
};
