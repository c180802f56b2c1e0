import type { ColumnType, Generated } from 'kysely';

import type { ObservedWorkload } from '@ringfort/contracts/agent-requests.ts';
import type { Stage } from '@ringfort/contracts/api/environments.ts';
import type { ActorId, EnvironmentId, ProjectId, RequestId, WorkspaceId } from '@ringfort/contracts/identifiers.ts';
import type { EnvironmentSlug, Hostname, ProjectSlug, WorkspaceSlug } from '@ringfort/contracts/names.ts';
import type { Permission } from '@ringfort/contracts/permissions.ts';

/**
 * The tables of the schema `ringfort` as Kysely sees them. What lies in them was parsed before it was written, so columns have the
 * types of the contracts. A feature with tables of its own adds them with `tx.withTables<…>()` in its `store.ts`.
 */
export type Tables = {
  readonly workspaces: WorkspaceTable;
  readonly audit_events: AuditEventTable;
  readonly actors: ActorTable;
  readonly grants: GrantTable;
  readonly tokens: TokenTable;
  readonly token_uses: TokenUseTable;
  readonly idempotency_keys: IdempotencyKeyTable;
  readonly projects: ProjectTable;
  readonly environments: EnvironmentTable;
  readonly environment_observations: EnvironmentObservationTable;
  readonly domains: DomainTable;
};

/** A time that the database sets by itself. */
export type CreatedAt = ColumnType<Date, never, never>;
/** JSON goes in as text, so that an array is not taken for a PostgreSQL array. */
export type Json<T> = ColumnType<T, string, string>;

type WorkspaceTable = {
  workspace_id: WorkspaceId;
  slug: WorkspaceSlug;
  throwaway: Generated<boolean>;
  created_at: CreatedAt;
};

type AuditEventTable = {
  workspace_id: WorkspaceId;
  id: string;
  at: CreatedAt;
  actor_id: ActorId | null;
  actor_name: string;
  action: string;
  outcome: 'allowed' | 'denied';
  subject: string;
  before: Json<JsonValue | null>;
  after: Json<JsonValue | null>;
  request_id: RequestId | null;
};

/** A value that survives JSON, as the audit log keeps it. */
export type JsonValue =
  | string
  | number
  | boolean
  | null
  | JsonValue[]
  | {
      [name: string]: JsonValue;
    };

type ActorTable = {
  workspace_id: WorkspaceId;
  id: ActorId;
  name: string;
  kind: 'administrator' | 'token';
  created_at: CreatedAt;
};

type GrantTable = {
  workspace_id: WorkspaceId;
  actor_workspace_id: WorkspaceId;
  actor_id: ActorId;
  permissions: Permission[];
  created_at: CreatedAt;
};

type TokenTable = {
  workspace_id: WorkspaceId;
  id: string;
  actor_id: ActorId;
  name: string;
  sha256: Buffer;
  created_at: CreatedAt;
  expires_at: Date | null;
  revoked_at: Date | null;
};

type TokenUseTable = { workspace_id: WorkspaceId; token_id: string; last_used_at: Date };

type IdempotencyKeyTable = {
  actor_id: ActorId;
  route: string;
  key: string;
  request_sha256: Buffer;
  status: number;
  answer: Json<JsonValue | null>;
  answer_kept: boolean;
  created_at: CreatedAt;
};

type ProjectTable = { workspace_id: WorkspaceId; id: ProjectId; slug: ProjectSlug; created_at: CreatedAt };

type EnvironmentTable = {
  workspace_id: WorkspaceId;
  id: EnvironmentId;
  project_id: ProjectId;
  slug: EnvironmentSlug;
  label: string;
  stage: Stage;
  criticality: 'critical' | 'noncritical';
  region: string;
  throwaway: boolean;
  wanted: Generated<'present' | 'removed'>;
  created_at: CreatedAt;
  removed_at: Date | null;
};

type EnvironmentObservationTable = {
  workspace_id: WorkspaceId;
  environment_id: EnvironmentId;
  observed_at: Date | null;
  generation: number;
  applied_generation: number;
  message: string;
  workloads: Json<ObservedWorkload[]>;
  removed_at: Date | null;
};

type DomainTable = {
  workspace_id: WorkspaceId;
  environment_id: EnvironmentId;
  hostname: Hostname;
  challenge: string;
  created_at: CreatedAt;
  proven_at: Date | null;
};
