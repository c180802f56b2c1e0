import type { UnfinishedDeployment } from './unfinished-deployment.ts';

/**
 * The deployment of an environment to work on, and those that it supersedes. One that has begun to switch traffic is brought to its
 * end, which takes about a minute at most; otherwise the newest request counts. `deployments` are in the order of the requests.
 */
export function chooseDeployment(deployments: readonly UnfinishedDeployment[]): Choice {
  const index = deployments.findIndex(
    ({ progress }) => progress?.state === 'switching' || progress?.state === 'draining',
  );
  const chosen = index === -1 ? deployments.length - 1 : index;
  return { current: deployments[chosen], superseded: deployments.slice(0, Math.max(chosen, 0)) };
}

export type Choice = {
  readonly current: UnfinishedDeployment | undefined;
  readonly superseded: readonly UnfinishedDeployment[];
};
