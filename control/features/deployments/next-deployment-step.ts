import type { ObservedEnvironment } from '@ringfort/contracts/agent-requests.ts';
import type { DeploymentState } from '@ringfort/contracts/deployment-step.ts';
import type { ReleaseId } from '@ringfort/contracts/identifiers.ts';
import type { Hostname } from '@ringfort/contracts/names.ts';

import { deploymentLimits as limits } from './limits.ts';
import { judgeBuilds } from './judge-builds.ts';
import type { BuildState } from './judge-builds.ts';
import { judgeRelease } from './judge-release.ts';
import type { ExpectedComponent } from './judge-release.ts';

/**
 * What to do next with a deployment, from what is stored and what was seen. Pure: the same facts give the same action, and every
 * action may be repeated. A step's time counts only while a control was there to see it end, so an outage fails nothing by itself.
 */
export function nextDeploymentStep(facts: DeploymentFacts): DeploymentAction {
  if (facts.refusal !== undefined && !hasTraffic.has(facts.state))
    return { type: 'fail', message: `The agent refuses the environment’s specification: ${facts.refusal}` };
  if (facts.environmentRemoved) return { type: 'fail', message: 'The environment is being deleted' };
  switch (facts.state) {
    case 'unstarted':
      return { type: 'enter', step: 'preparing' };
    case 'preparing':
      return prepare(facts);
    case 'building':
      return build(facts);
    case 'starting':
      return start(facts);
    case 'switching':
      return switchOver(facts);
    case 'draining':
      return facts.drained ? { type: 'enter', step: 'succeeded' } : wait('Open requests of the old release end');
    case 'succeeded':
    case 'failed':
    case 'superseded':
      return wait('');
  }
  return facts.state satisfies never;
}

export type DeploymentAction =
  | { readonly type: 'wait'; readonly message: string }
  | { readonly type: 'enter'; readonly step: Exclude<DeploymentState, 'failed' | 'superseded'> }
  | { readonly type: 'fail'; readonly message: string };

export type DeploymentFacts = {
  readonly state: DeploymentState | 'unstarted';
  readonly kind: 'source' | 'rollback';
  readonly nowMs: number;
  /** When the step was entered, or this control began to watch, whichever was later. */
  readonly watchedSinceMs: number;
  readonly environmentRemoved: boolean;
  /** The generation of the specification that the step waits for. */
  readonly awaitedGeneration: number;
  readonly observed: ObservedEnvironment | undefined;
  readonly agentAnswers: boolean;
  /** Why the agent does not take the newest specification. */
  readonly refusal: string | undefined;
  readonly releaseId: ReleaseId | undefined;
  /** The platform's own name of the environment. */
  readonly hostname: Hostname;
  readonly components: readonly ExpectedComponent[];
  readonly builds: ReadonlyMap<string, BuildState>;
  /** Another release of the environment still drains: there is room for two only. */
  readonly otherDrains: boolean;
  /** Every live edge serves the release that is active by now. */
  readonly switchAcknowledged: boolean;
  readonly silentEdges: readonly string[];
  /** The old release, if there was one, is gone from the specification. */
  readonly drained: boolean;
};

/** From here on a deployment does not depend on what the specification newly holds. */
const hasTraffic: ReadonlySet<DeploymentFacts['state']> = new Set([
  'switching',
  'draining',
  'succeeded',
  'failed',
  'superseded',
]);

function prepare(facts: DeploymentFacts): DeploymentAction {
  if (!isApplied(facts)) return waitInTime(facts, limits.preparingMsMax, hindrance(facts));
  if (facts.kind === 'source') return { type: 'enter', step: 'building' };
  return startWhenPossible(facts, limits.preparingMsMax);
}

function build(facts: DeploymentFacts): DeploymentAction {
  const verdict = judgeBuilds(facts.components, facts.builds);
  if (verdict.failure !== undefined) return { type: 'fail', message: verdict.failure };
  if (verdict.missing.length === 0) return startWhenPossible(facts, limits.buildingMsMax);
  const what = `Builds ${verdict.missing.join(', ')}`;
  return waitInTime(facts, limits.buildingMsMax, facts.agentAnswers ? what : hindrance(facts));
}

/** A new release begins beside healthy services and at most one other release. */
function startWhenPossible(facts: DeploymentFacts, durationMsMax: number): DeploymentAction {
  if (facts.otherDrains) return waitInTime(facts, durationMsMax, 'Waits until an earlier release has drained');
  const sick = facts.observed?.workloads.find(
    ({ workload, state }) => workload.kind === 'service' && state !== 'healthy',
  );
  if (sick === undefined && isApplied(facts)) return { type: 'enter', step: 'starting' };
  const why =
    sick === undefined
      ? hindrance(facts)
      : `Waits for the service “${sick.workload.name}”: ${sick.reason || sick.state}`;
  return waitInTime(facts, durationMsMax, why);
}

function start(facts: DeploymentFacts): DeploymentAction {
  const durationMsMax = Math.max(...facts.components.map((one) => one.startSeconds)) * 1_000 + limits.startingMarginMs;
  if (!isTaken(facts)) return waitInTime(facts, durationMsMax, hindrance(facts));
  const verdict = judgeRelease(facts.components, facts);
  if (verdict.failure !== undefined) return { type: 'fail', message: verdict.failure };
  if (verdict.waitsFor === undefined) return { type: 'enter', step: 'switching' };
  return waitInTime(facts, durationMsMax, verdict.waitsFor);
}

function switchOver(facts: DeploymentFacts): DeploymentAction {
  if (facts.switchAcknowledged) return { type: 'enter', step: 'draining' };
  const edges = facts.silentEdges.map((edgeId) => `“${edgeId}”`).join(', ');
  const why = edges === '' ? 'Waits for the edges’ snapshot' : `Waits until the edges serve the new release: ${edges}`;
  return waitInTime(facts, limits.switchingMsMax, why);
}

function waitInTime(facts: DeploymentFacts, durationMsMax: number, why: string): DeploymentAction {
  const lateMs = facts.nowMs - facts.watchedSinceMs - durationMsMax;
  return lateMs < 0 ? wait(why) : { type: 'fail', message: `Took longer than ${durationMsMax / 1_000} s. ${why}` };
}

function wait(message: string): DeploymentAction {
  return { type: 'wait', message };
}

function isTaken({ observed, awaitedGeneration }: DeploymentFacts): boolean {
  return observed !== undefined && observed.generation >= awaitedGeneration;
}

function isApplied({ observed, awaitedGeneration }: DeploymentFacts): boolean {
  return observed !== undefined && observed.appliedGeneration >= awaitedGeneration;
}

function hindrance({ agentAnswers, observed }: DeploymentFacts): string {
  if (!agentAnswers) return 'The agent does not answer';
  return observed === undefined || observed.message === '' ? 'The agent makes the environment' : observed.message;
}
