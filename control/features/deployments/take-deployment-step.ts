import type { DeploymentState } from '@ringfort/contracts/deployment-step.ts';
import type { ReleaseId } from '@ringfort/contracts/identifiers.ts';

import type { EnvironmentProgress } from '../environment-specs/environment-state.ts';
import { mergeServices } from '../environment-specs/merge-services.ts';
import { switchBack, switchTo } from './switch-traffic.ts';
import type { UnfinishedDeployment } from './unfinished-deployment.ts';

/**
 * What entering a step changes in the environment. Throws a `Problem` when the environment cannot take the configuration.
 * `releaseId` is given from `starting` on.
 */
export function enterStep(progress: EnvironmentProgress, entered: EnteredStep): EnvironmentProgress {
  const { step, deployment } = entered;
  switch (step) {
    case 'preparing':
      return { ...progress, services: mergeServices(progress.services, deployment.goal.config) };
    case 'starting':
      return { ...progress, candidateReleaseId: entered.releaseId };
    case 'switching':
      return entered.releaseId === null ? progress : switchTo(progress, entered.releaseId);
    case 'building':
    case 'draining':
    case 'succeeded':
      return progress;
  }
  return step satisfies never;
}

/** What the end of a deployment without success changes: its release never takes traffic, or gives it back. */
export function abandon(progress: EnvironmentProgress, deployment: UnfinishedDeployment): EnvironmentProgress {
  const { state, releaseId } = deployment.progress ?? {};
  const hasTraffic = state === 'switching' && progress.activeReleaseId === releaseId;
  if (hasTraffic && !progress.withdrawing) return switchBack(progress);
  return progress.candidateReleaseId === null ? progress : { ...progress, candidateReleaseId: null };
}

/** For people: what begins with a step. */
export function describeStep(step: EnteredStep['step'], { components, release }: StepSubject): string {
  switch (step) {
    case 'preparing':
      return 'Prepares the environment: network and services';
    case 'building':
      return `Builds ${components.join(', ')}`;
    case 'starting':
      return `Starts ${release} beside what runs`;
    case 'switching':
      return `Switches traffic to ${release}`;
    case 'draining':
      return 'Lets open requests of the old release end';
    case 'succeeded':
      return `${release.charAt(0).toUpperCase()}${release.slice(1)} is in service`;
  }
  return step satisfies never;
}

export type EnteredStep = {
  readonly step: Exclude<DeploymentState, 'failed' | 'superseded'>;
  readonly deployment: UnfinishedDeployment;
  readonly releaseId: ReleaseId | null;
};

export type StepSubject = { readonly components: readonly string[]; readonly release: string };
