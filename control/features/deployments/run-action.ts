import type { ImageDigest } from '@ringfort/contracts/environment-spec.ts';
import type { DeploymentState } from '@ringfort/contracts/deployment-step.ts';
import { ReleaseId } from '@ringfort/contracts/identifiers.ts';
import { Problem } from '@ringfort/contracts/problem.ts';

import type { Transaction } from '../../db/transaction.ts';
import { storableText } from '../../storable-text.ts';
import type { EnvironmentState, Release } from '../environment-specs/environment-state.ts';
import { findReleases } from '../environment-specs/store.ts';
import { describeStep, abandon, enterStep } from './take-deployment-step.ts';
import type { EnteredStep } from './take-deployment-step.ts';
import { insertEvents, insertRelease, saveDeploymentProgress } from './store.ts';
import type { DeploymentAction } from './next-deployment-step.ts';
import type { DeploymentProgress, UnfinishedDeployment } from './unfinished-deployment.ts';

/** Carries out an action of `nextDeploymentStep`: the environment after it, and what is to be written of the deployment. */
export async function runAction(tx: Transaction, state: EnvironmentState, run: ActionRun): Promise<ActionResult> {
  const { action, deployment } = run;
  if (action.type === 'fail') return end(state, { ...run, state: 'failed', message: action.message });
  if (action.type === 'wait') return waitOn(state, deployment, action.message);
  try {
    return await enter(tx, state, { ...run, step: action.step });
  } catch (error) {
    if (!(error instanceof Problem) || error.code !== 'state-conflict') throw error;
    return end(state, { ...run, state: 'failed', message: error.detail });
  }
}

/** Ends a deployment because a later one was asked for. */
export function supersede(state: EnvironmentState, { deployment, nowMs }: Ended): ActionResult {
  return end(state, { deployment, nowMs, state: 'superseded', message: 'A later deployment took its place' });
}

export type ActionRun = Ended & { readonly action: DeploymentAction; readonly newId: () => string };

export type ActionResult = {
  readonly after: EnvironmentState;
  readonly isChanged: boolean;
  /** Writes the deployment's progress, once it is known which generation of the specification holds the change. */
  readonly write: (tx: Transaction, generation: number) => Promise<void>;
};

type Ended = { readonly deployment: UnfinishedDeployment; readonly nowMs: number };

async function enter(tx: Transaction, state: EnvironmentState, run: Entering): Promise<ActionResult> {
  const { deployment, step, nowMs } = run;
  const release = step === 'starting' ? await getRelease(tx, state, run) : findCurrent(state, deployment);
  const releases = release === undefined ? state.releases : new Map([...state.releases, [release.releaseId, release]]);
  const releaseId = release?.releaseId ?? null;
  const after = { ...state, releases, progress: enterStep(state.progress, { step, deployment, releaseId }) };
  const components = Object.keys(deployment.goal.config.applications);
  const message = describeStep(step, { components, release: `release ${release?.number ?? '?'}` });
  return {
    after,
    isChanged: true,
    write: async (inner, awaitedGeneration) => {
      const progress = { state: step, message, releaseId, awaitedGeneration, enteredAtMs: nowMs };
      await saveDeploymentProgress(inner, deployment, progress);
      await insertEvents(inner, deployment, [{ atMs: nowMs, state: step, line: message }]);
    },
  };
}

type Entering = ActionRun & { readonly step: EnteredStep['step'] };

function end(
  state: EnvironmentState,
  run: Ended & { readonly state: DeploymentState; readonly message: string },
): ActionResult {
  const { deployment, nowMs } = run;
  const message = storableText(run.message);
  return {
    after: { ...state, progress: abandon(state.progress, deployment) },
    isChanged: true,
    write: async (tx) => {
      const progress = { ...(deployment.progress ?? unbegun), state: run.state, message, enteredAtMs: nowMs };
      await saveDeploymentProgress(tx, deployment, progress);
      await insertEvents(tx, deployment, [{ atMs: nowMs, state: run.state, line: message }]);
    },
  };
}

/** A deployment that waits says what for; it says each thing once. */
function waitOn(after: EnvironmentState, deployment: UnfinishedDeployment, why: string): ActionResult {
  const message = storableText(why);
  const { progress } = deployment;
  const isChanged = progress !== undefined && progress.message !== message;
  const write = async (tx: Transaction): Promise<void> => {
    if (isChanged) await saveDeploymentProgress(tx, deployment, { ...progress, message });
  };
  return { after, isChanged: false, write };
}

async function getRelease(tx: Transaction, state: EnvironmentState, run: Entering): Promise<Release> {
  const { goal, deploymentId, builds } = run.deployment;
  if (goal.kind === 'rollback') return getTarget(tx, state, goal.releaseId);
  const { config, sourceDigest } = goal;
  const images = new Map<string, ImageDigest>();
  for (const [name, build] of builds) if (build.state === 'built') images.set(name, build.image);
  const releaseId = ReleaseId.parse(run.newId());
  return insertRelease(tx, state, { releaseId, deploymentId, sourceDigest, config, images });
}

async function getTarget(tx: Transaction, state: EnvironmentState, releaseId: ReleaseId): Promise<Release> {
  const release = (await findReleases(tx, [releaseId])).get(releaseId);
  if (release === undefined) throw new Error(`There is no release ${releaseId}`);
  if (state.progress.activeReleaseId !== releaseId) return release;
  throw new Problem('state-conflict', `Release ${release.number} is in service already.`);
}

function findCurrent(state: EnvironmentState, { progress }: UnfinishedDeployment): Release | undefined {
  return progress === undefined || progress.releaseId === null ? undefined : state.releases.get(progress.releaseId);
}

const unbegun: DeploymentProgress = {
  state: 'preparing',
  message: '',
  releaseId: null,
  awaitedGeneration: 0,
  enteredAtMs: 0,
};
