import type { ObservedEnvironment } from '@ringfort/contracts/agent-requests.ts';
import type { Hostname } from '@ringfort/contracts/names.ts';

import { planOwnHostname } from '../environment-specs/plan-environment-spec.ts';
import type { EnvironmentProgress, EnvironmentState } from '../environment-specs/environment-state.ts';
import type { DeploymentFacts } from './next-deployment-step.ts';
import type { EdgeSeen, SwitchAction, SwitchFacts } from './next-switch-step.ts';
import type { UnfinishedDeployment } from './unfinished-deployment.ts';

/** Everything that one look at an environment is decided from. */
export type EnvironmentPass = {
  readonly state: EnvironmentState;
  /** Of this environment, in the order of the requests. */
  readonly deployments: readonly UnfinishedDeployment[];
  readonly observed: ObservedEnvironment | undefined;
  readonly agentAnswers: boolean;
  /** Why the agent does not take the newest specification. */
  readonly refusal: string | undefined;
  /** The newest generation that the agent has taken; 0 when it knows none. */
  readonly agentGeneration: number;
  readonly snapshot: SwitchFacts['snapshot'];
  readonly edges: readonly EdgeSeen[];
  readonly nowMs: number;
  /** When this control began to work. */
  readonly sinceMs: number;
  readonly appsDomain: Hostname;
  readonly newId: () => string;
};

/** What the newest change of traffic is judged by. */
export function switchFacts(pass: EnvironmentPass, progress: EnvironmentProgress): SwitchFacts {
  return {
    nowMs: pass.nowMs,
    listeningSinceMs: pass.sinceMs,
    wantedSite: progress.withdrawing ? undefined : { releaseId: progress.activeReleaseId },
    snapshot: pass.snapshot,
    version: progress.switchVersion,
    acknowledgedAtMs: progress.switchAcknowledgedAtMs,
    drains: progress.withdrawing ? progress.withdrawnAtMs === null : progress.drainingReleaseId !== null,
    edges: pass.edges,
  };
}

/** What a deployment is judged by, after the change of traffic was looked at. */
export function deploymentFacts(pass: EnvironmentPass, looked: Looked): DeploymentFacts {
  const { deployment, environment, switchAction } = looked;
  const { progress, goal } = deployment;
  const isActive = progress?.releaseId !== null && progress?.releaseId === environment.activeReleaseId;
  const applications = Object.entries(goal.config.applications);
  return {
    state: progress?.state ?? 'unstarted',
    kind: goal.kind,
    nowMs: pass.nowMs,
    watchedSinceMs: Math.max(progress?.enteredAtMs ?? pass.nowMs, pass.sinceMs),
    environmentRemoved: pass.state.wanted === 'removed',
    awaitedGeneration: progress?.awaitedGeneration ?? 0,
    observed: pass.observed,
    agentAnswers: pass.agentAnswers,
    refusal: pass.refusal,
    releaseId: progress?.releaseId ?? undefined,
    hostname: planOwnHostname({ ...pass.state, appsDomain: pass.appsDomain }),
    components: applications.map(([name, { replicas, health }]) => ({ name, replicas, ...health })),
    builds: deployment.builds,
    otherDrains: environment.drainingReleaseId !== null,
    switchAcknowledged: isActive && environment.switchAcknowledgedAtMs !== null,
    silentEdges: switchAction.type === 'wait' ? switchAction.edges : [],
    drained: environment.drainingReleaseId === null,
  };
}

type Looked = {
  readonly deployment: UnfinishedDeployment;
  readonly environment: EnvironmentProgress;
  readonly switchAction: SwitchAction;
};
