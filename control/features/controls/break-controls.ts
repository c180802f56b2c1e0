import type { ControlRunEvent } from '@ringfort/contracts/api/controls.ts';
import { Problem } from '@ringfort/contracts/problem.ts';
import { wait } from '@ringfort/kit/wait.ts';

import type { Control, Sandbox } from './control.ts';
import { sandboxContext, type ControlsEnvironment } from './controls-context.ts';
import type { InjectorClient } from './injector-client.ts';
import { proveAbleToFail } from './prove-able-to-fail.ts';
import { runControl } from './run-control.ts';
import { closeSandbox, openSandbox, type SandboxOptions } from './sandbox.ts';
import { addProof, setAuditWall } from './store.ts';

const leaseMs = 120_000;
const pauseMs = 1_000;

export type BreakOptions = {
  readonly environment: ControlsEnvironment;
  readonly injector: InjectorClient;
  readonly sandbox: SandboxOptions;
};

/**
 * Break-tests controls one after the other in one sandbox, which is taken away at the end, whatever happened. A sandbox that cannot be
 * made is no proof for any of them.
 */
export async function* breakControls(
  controls: readonly Control[],
  options: BreakOptions,
): AsyncGenerator<ControlRunEvent> {
  const say = (message: string): ControlRunEvent => ({ type: 'progress', id: 'sandbox', message });
  try {
    // A control that was killed in a break test may have left it down.
    await setAuditWall(options.environment.throwaway.runtime, 'up');
    const environmentIds = yield* opened(options.sandbox, say);
    for (const control of controls) yield* breakControl(control, { ...options, environmentIds });
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    for (const { id } of controls) yield { type: 'proof', id, ableToFail: false, message: error.detail };
  } finally {
    yield say('taking the sandbox away');
    await closeSandbox(options.sandbox);
  }
}

async function* opened(
  sandbox: SandboxOptions,
  say: (message: string) => ControlRunEvent,
): AsyncGenerator<ControlRunEvent, Sandbox['environmentIds']> {
  const opening = openSandbox(sandbox);
  for (;;) {
    const step = await opening.next();
    if (step.done === true) return step.value;
    yield say(step.value);
  }
}

type ControlBreak = BreakOptions & { readonly environmentIds: Sandbox['environmentIds'] };

async function* breakControl(control: Control, options: ControlBreak): AsyncGenerator<ControlRunEvent> {
  const { environment, environmentIds } = options;
  const proof = {
    sandbox: { environmentIds, injector: injectorOf(options) },
    clock: environment.clock,
    look: async () => runControl(control, await sandboxContext(environment, environmentIds)),
    pause: async () => wait(pauseMs),
  };
  for await (const event of proveAbleToFail(control, proof)) {
    if (event.type === 'proof' && event.ableToFail)
      await addProof(environment.live.reconciler, { id: control.id, at: new Date(environment.clock.nowMs()) });
    yield event;
  }
}

function injectorOf({ injector, environment }: ControlBreak): Sandbox['injector'] {
  return {
    flushRules: async (environmentId) => injector.inject({ injection: 'flush-rules', environmentId, leaseMs }),
    startListener: async (environmentId, { workload, port }) =>
      injector.inject({ injection: 'start-listener', environmentId, workload, port, leaseMs }),
    dropAuditWall: async () => {
      await setAuditWall(environment.throwaway.runtime, 'down');
      return { heal: async () => setAuditWall(environment.throwaway.runtime, 'up') };
    },
  };
}
