import { wait } from '@ringfort/kit/wait.ts';
import { z } from 'zod';

import { driverLimits as limits } from '../limits.ts';
import { workloadBody, type WorkloadBodyOptions } from './container-bodies.ts';
import { createContainer, getContainer, removeContainer, startContainer } from './containers.ts';
import type { DriverContext } from './context.ts';
import { openLogTail, type ContainerLine } from './log-tail.ts';
import { ranOutOfMemory } from './out-of-memory.ts';
import { hasEnded, requireRules } from './workload-state.ts';

/** How a step ended: its exit code, and whether it was killed for its memory. */
export type StepResult = { readonly exitCode: number; readonly outOfMemory: boolean };

/**
 * Runs one program in the build's namespaces to its end and hands on its output line by line. All its processes are gone when this
 * resolves, because they die with the container's first one. Rejects when the signal is aborted.
 */
export async function runBuildStep(context: DriverContext, step: BuildStep): Promise<StepResult> {
  const { signal } = step;
  signal.throwIfAborted();
  const guard = { pauseId: step.body.pauseId, key: step.body.name };
  await requireRules(context, guard);
  const id = await createContainer(context, {
    ...workloadBody(context, step.body),
    ...(step.fileBytesMax === undefined ? {} : { r_limits: withFileLimit(context, step) }),
  });
  try {
    await startContainer(context, id);
    // Podman starts a dead holder of namespaces again by itself, and such ones have no rules.
    await requireRules(context, guard);
    return await follow(context, { id, step });
  } finally {
    await removeContainer(context, id);
  }
}

export type BuildStep = {
  readonly body: WorkloadBodyOptions;
  readonly onLine: (line: string) => void;
  readonly signal: AbortSignal;
  /** The largest file that it may write. */
  readonly fileBytesMax?: number;
};

/** Hands lines on until the program has ended and its last one was read. */
async function follow(
  context: DriverContext,
  { id, step }: { readonly id: string; readonly step: BuildStep },
): Promise<StepResult> {
  const pass = passLines(step.onLine);
  const first = await getContainer(context, id);
  const tail = openLogTail(first.HostConfig.LogConfig.Path);
  try {
    for (let now = first; ; now = await getContainer(context, id)) {
      // The state is older than what is read here: nothing can be missed.
      for (let lines = await tail.read(); lines.length > 0; lines = await tail.read()) lines.forEach(pass);
      if (hasEnded(now.State.Status)) return { exitCode: now.State.ExitCode, outOfMemory: await ranOutOfMemory(now) };
      await wait(limits.buildPollMs, step.signal);
      step.signal.throwIfAborted();
    }
  } finally {
    await tail.close();
  }
}

function passLines(onLine: (line: string) => void): (line: ContainerLine) => void {
  let count = 0;
  return ({ line }) => {
    count += 1;
    if (count === limits.buildLinesMax) onLine('There is more output than can be kept; the rest is left out.');
    if (count < limits.buildLinesMax) onLine(line);
  };
}

function withFileLimit(context: DriverContext, step: BuildStep): readonly object[] {
  const { r_limits: others } = workloadBody(context, step.body);
  const file = { type: 'fsize', hard: step.fileBytesMax, soft: step.fileBytesMax };
  return [...z.array(z.looseObject({})).parse(others), file];
}
