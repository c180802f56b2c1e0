import { CommandFailure } from '../processes/run-command.ts';
import { SetupFailure } from '../setup-failure.ts';
import type { ContainerRuntime } from './engine-command.ts';

/**
 * The first container runtime that runs a container on this machine; `trial` rejects with a `CommandFailure` when one does not. Some
 * versions of crun refuse some arrangements of control groups, and runc may be missing.
 */
export async function chooseRuntime(
  candidates: readonly ContainerRuntime[],
  trial: (runtime: ContainerRuntime) => Promise<void>,
): Promise<ContainerRuntime> {
  const failures: string[] = [];
  for (const runtime of candidates) {
    try {
      await trial(runtime);
      return runtime;
    } catch (error) {
      if (!(error instanceof CommandFailure)) throw error;
      failures.push(`${runtime}: ${error.message}`);
    }
  }
  throw new SetupFailure(`No container starts on this machine.\n${failures.join('\n')}`, {
    advice: 'Install runc (apt-get install runc) or find the reason above. Without containers: --engine simulated',
  });
}
