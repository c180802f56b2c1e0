import type { Transaction } from '../../db/transaction.ts';
import type { EnvironmentState } from '../environment-specs/environment-state.ts';
import { publishSpec } from '../environment-specs/publish-spec.ts';
import { saveEnvironmentProgress } from '../environment-specs/store.ts';
import { chooseDeployment } from './choose-deployment.ts';
import { deploymentFacts, switchFacts } from './environment-pass.ts';
import type { EnvironmentPass } from './environment-pass.ts';
import { nextDeploymentStep } from './next-deployment-step.ts';
import { nextSwitchStep } from './next-switch-step.ts';
import { runAction, supersede } from './run-action.ts';
import type { ActionResult } from './run-action.ts';
import { takeSwitchStep, withdraw } from './switch-traffic.ts';

/**
 * Takes an environment one step on, in the transaction of its workspace: the newest change of traffic, the deployment under way, the
 * specification that follows from both. Runs again from wherever it was cut off.
 */
export async function reconcileEnvironment(tx: Transaction, pass: EnvironmentPass): Promise<PassResult> {
  const { state } = pass;
  const begun = state.wanted === 'removed' && !state.progress.withdrawing ? withdraw(state.progress) : state.progress;
  const switchAction = nextSwitchStep(switchFacts(pass, begun));
  const { current, superseded } = chooseDeployment(pass.deployments);
  const results: ActionResult[] = [];
  let after: EnvironmentState = { ...state, progress: takeSwitchStep(begun, switchAction, pass.nowMs) };
  for (const deployment of superseded) {
    const result = supersede(after, { deployment, nowMs: pass.nowMs });
    results.push(result);
    after = result.after;
  }
  if (current !== undefined) {
    const facts = deploymentFacts(pass, { deployment: current, environment: after.progress, switchAction });
    const action = nextDeploymentStep(facts);
    const result = await runAction(tx, after, { deployment: current, action, nowMs: pass.nowMs, newId: pass.newId });
    results.push(result);
    after = result.after;
  }
  const isChanged = JSON.stringify(state.progress) !== JSON.stringify(after.progress);
  if (isChanged) await saveEnvironmentProgress(tx, state, after.progress);
  const generation = await publishSpec(tx, after, pass);
  for (const result of results) await result.write(tx, generation);
  const isMoved = isChanged || results.some((result) => result.isChanged) || generation !== state.spec?.generation;
  return { generation, isMoved, isWithdrawn: after.progress.withdrawnAtMs !== null };
}

export type PassResult = {
  /** Of the newest specification. */
  readonly generation: number;
  /** Something changed, so the next look may find more to do at once. */
  readonly isMoved: boolean;
  /** The specification is that of a removed environment. */
  readonly isWithdrawn: boolean;
};
