import type { ProjectConfig } from '@ringfort/contracts/application-config.ts';
import type { DeploymentState } from '@ringfort/contracts/deployment-step.ts';
import type { DeploymentId, EnvironmentId, ReleaseId, WorkspaceId } from '@ringfort/contracts/identifiers.ts';

import type { BuildState } from './judge-builds.ts';

/** A deployment that has not ended, as the reconciler sees it. */
export type UnfinishedDeployment = {
  readonly workspaceId: WorkspaceId;
  readonly environmentId: EnvironmentId;
  readonly deploymentId: DeploymentId;
  /** What goes into service: the request's own configuration, or that of the release to go back to. */
  readonly goal: DeploymentGoal;
  readonly progress: DeploymentProgress | undefined;
  readonly builds: ReadonlyMap<string, BuildState>;
};

export type DeploymentGoal =
  | { readonly kind: 'source'; readonly config: ProjectConfig; readonly sourceDigest: string }
  | {
      readonly kind: 'rollback';
      readonly config: ProjectConfig;
      readonly releaseId: ReleaseId;
      readonly number: number;
    };

export type DeploymentProgress = {
  readonly state: DeploymentState;
  readonly message: string;
  readonly releaseId: ReleaseId | null;
  /** The generation of the environment's specification that the step waits for. */
  readonly awaitedGeneration: number;
  readonly enteredAtMs: number;
};
