import type { ProjectConfig } from '@ringfort/contracts/application-config.ts';
import type { ImageDigest, ServiceSpec } from '@ringfort/contracts/environment-spec.ts';
import type { EnvironmentId, ProjectId, ReleaseId, WorkspaceId } from '@ringfort/contracts/identifiers.ts';
import type { EnvironmentSlug, Hostname, ProjectSlug } from '@ringfort/contracts/names.ts';

/** An environment as the reconcilers see it: what is wanted of it, and how far it is. */
export type EnvironmentState = {
  readonly workspaceId: WorkspaceId;
  readonly projectId: ProjectId;
  readonly environmentId: EnvironmentId;
  readonly project: ProjectSlug;
  readonly environment: EnvironmentSlug;
  readonly criticality: 'critical' | 'noncritical';
  readonly throwaway: boolean;
  readonly wanted: 'present' | 'removed';
  readonly createdAtMs: number;
  /** Own domains whose ownership is proved. */
  readonly domains: readonly Hostname[];
  readonly progress: EnvironmentProgress;
  readonly spec: { readonly generation: number; readonly digest: string } | undefined;
  /** The releases that `progress` names. */
  readonly releases: ReadonlyMap<ReleaseId, Release>;
};

/** Which releases run, and how far the newest change of traffic between them is. */
export type EnvironmentProgress = {
  /** Every service that was ever made. */
  readonly services: readonly ServiceSpec[];
  readonly activeReleaseId: ReleaseId | null;
  readonly candidateReleaseId: ReleaseId | null;
  readonly drainingReleaseId: ReleaseId | null;
  /** The first snapshot that names the active release, or no longer the environment, and when every live edge had it. */
  readonly switchVersion: number | null;
  readonly switchAcknowledgedAtMs: number | null;
  /** It is wanted no more: the switch is to a snapshot without it. */
  readonly withdrawing: boolean;
  /** No edge knows it any more, so the agent may take it away. */
  readonly withdrawnAtMs: number | null;
};

export type Release = {
  readonly releaseId: ReleaseId;
  readonly number: number;
  readonly sourceDigest: string;
  readonly config: ProjectConfig;
  readonly images: ReadonlyMap<string, ImageDigest>;
};

export const noProgress: EnvironmentProgress = {
  services: [],
  activeReleaseId: null,
  candidateReleaseId: null,
  drainingReleaseId: null,
  switchVersion: null,
  switchAcknowledgedAtMs: null,
  withdrawing: false,
  withdrawnAtMs: null,
};
