import { WorkloadRef, type LogEvent } from '@ringfort/contracts/agent-requests.ts';
import { wait } from '@ringfort/kit/wait.ts';

import type { LogRequest } from '../driver.ts';
import { logSource } from '../log-source.ts';
import { driverLimits as limits } from '../limits.ts';
import { findContainer, listContainers, roleOf } from './containers.ts';
import type { DriverContext } from './context.ts';
import { labels } from './labels.ts';
import { openLogTail, type LogTail } from './log-tail.ts';

/**
 * The last lines of an environment's workloads in order of time, then, when they are followed, new ones as they come, also of workloads
 * that are made meanwhile. Ends when the signal is aborted.
 */
export async function* streamLogs(context: DriverContext, request: LogRequest): AsyncGenerator<LogEvent> {
  const sources = new Map<string, Source>();
  try {
    await discover(context, { request, sources });
    const history: LogEvent[] = [];
    for (const source of sources.values())
      for (let lines = await readEvents(source); lines.length > 0; lines = await readEvents(source)) {
        history.push(...lines);
        // Only the newest matter; a workload that writes without end must not fill the memory, nor hold up the others.
        history.splice(0, Math.max(0, history.length - request.tailLines - limits.logHistoryLinesMax));
        if (source.read.lines > limits.logHistoryLinesMax) break;
      }
    if (request.tailLines > 0) yield* history.toSorted((a, b) => a.at.localeCompare(b.at)).slice(-request.tailLines);
    while (request.follow && !request.signal.aborted) {
      await wait(limits.logPollMs, request.signal);
      await discover(context, { request, sources });
      for (const source of sources.values()) yield* await readEvents(source);
    }
  } finally {
    await Promise.all([...sources.values()].map(({ tail }) => tail.close()));
  }
}

type Source = { readonly tail: LogTail; readonly ref: WorkloadRef; readonly read: { lines: number } };

async function readEvents({ tail, ref, read }: Source): Promise<readonly LogEvent[]> {
  const lines = await tail.read();
  read.lines += lines.length;
  return lines.map((line) => ({ ...line, ...logSource(ref) }));
}

/** Opens the logs of workloads that were not there before and closes those of workloads that are gone. */
async function discover(context: DriverContext, { request, sources }: Discovery): Promise<void> {
  const containers = await listContainers(context, request.place.environmentId);
  const wanted = containers.filter((container) => {
    const isAsked = request.keys.length === 0 || request.keys.includes(container.Labels[labels.key] ?? '');
    return roleOf(container) === 'main' && isAsked;
  });
  for (const { Id, Labels } of wanted) {
    if (sources.has(Id)) continue;
    const path = (await findContainer(context, Id))?.HostConfig.LogConfig.Path ?? '';
    const ref = WorkloadRef.parse(JSON.parse(Labels[labels.ref] ?? ''));
    if (path !== '') sources.set(Id, { tail: openLogTail(path), ref, read: { lines: 0 } });
  }
  for (const [id, { tail }] of sources) {
    if (wanted.some(({ Id }) => Id === id)) continue;
    sources.delete(id);
    await tail.close();
  }
}

type Discovery = { readonly request: LogRequest; readonly sources: Map<string, Source> };
