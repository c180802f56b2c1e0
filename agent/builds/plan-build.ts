import type { BuildRequest } from '@ringfort/contracts/agent-requests.ts';
import type { AgentConfig } from '@ringfort/contracts/program-config.ts';
import type { BuildPlan } from '@ringfort/drivers/driver.ts';

import { agentLimits as limits } from '../limits.ts';
import type { Environment } from '../loop/environment.ts';
import { buildKey } from '../plan/workload-key.ts';

/** The driver's plan of a build: a workload of the environment that reaches the build proxy and nothing else. */
export function planBuild(request: BuildRequest, { environment, config }: PlanBuildInput): BuildPlan {
  return {
    buildId: request.buildId,
    place: environment.place,
    component: request.component,
    address: environment.addresses.addressOf(buildKey(request.buildId, request.component)),
    proxy: config.buildProxy,
    image: config.images[request.runtime],
    command: request.command,
    variables: { CI: 'true', RINGFORT_ENVIRONMENT: environment.spec.environment },
    certificateBundle: config.certificateBundle,
    limits: {
      memoryBytesMax: limits.buildMemoryBytesMax,
      cpuMax: limits.buildCpuMax,
      processesMax: limits.buildProcessesMax,
      openFilesMax: limits.openFilesMax,
    },
    timeoutMs: limits.buildTimeoutMs,
    diskBytesMax: limits.buildDiskBytesMax,
  };
}

export type PlanBuildInput = {
  readonly environment: Environment;
  readonly config: Pick<AgentConfig, 'buildProxy' | 'images' | 'certificateBundle'>;
};
