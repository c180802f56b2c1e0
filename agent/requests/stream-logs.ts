import type { LogEvent, StreamLogsRequest, WorkloadRef } from '@ringfort/contracts/agent-requests.ts';
import { Problem } from '@ringfort/contracts/problem.ts';
import type { Driver } from '@ringfort/drivers/driver.ts';

import type { Environment } from '../loop/environment.ts';

/** The log of one workload or of the whole environment. Throws `not-found` for a workload that there is not. */
export function streamLogs(request: StreamLogsRequest, tools: StreamLogsTools): AsyncIterable<LogEvent> {
  const { environment, driver, signal } = tools;
  const { workload, tailLines, follow } = request;
  const keys = workload === undefined ? [] : findKeys(environment, workload);
  if (workload !== undefined && keys.length === 0) {
    throw new Problem('not-found', `There is no ${workload.kind} “${workload.name}” in the environment now.`);
  }
  return driver.streamLogs({ place: environment.place, keys, tailLines, follow, signal });
}

export type StreamLogsTools = {
  readonly environment: Environment;
  readonly driver: Pick<Driver, 'streamLogs'>;
  readonly signal: AbortSignal;
};

/** Without a release: the replica of that number in each release that is there. */
function findKeys({ plan }: Environment, wanted: WorkloadRef): readonly string[] {
  const matches = (ref: WorkloadRef): boolean => {
    if (ref.kind !== wanted.kind || ref.name !== wanted.name) return false;
    if (ref.kind === 'service' || wanted.kind === 'service') return true;
    return ref.replica === wanted.replica && (wanted.releaseId ?? ref.releaseId) === ref.releaseId;
  };
  return (plan?.workloads ?? []).filter(({ ref }) => matches(ref)).map(({ key }) => key);
}
