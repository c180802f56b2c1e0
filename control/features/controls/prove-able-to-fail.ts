import type { ControlResult, ControlRunEvent } from '@ringfort/contracts/api/controls.ts';
import type { Clock } from '@ringfort/kit/clock.ts';

import type { Control, Sandbox } from './control.ts';

const waitMsMax = 90_000;

/**
 * Break-tests one control in the sandbox: it has to be green, then red while the thing is broken, then green again. `look` runs the
 * control over the sandbox. Gives the events as they happen; the last one is the proof or why there is none.
 */
export async function* proveAbleToFail(control: Control, options: ProofOptions): AsyncGenerator<ControlRunEvent> {
  const { id } = control;
  const before = yield* until('pass', { ...options, id, phase: 'before' });
  if (before.state !== 'pass') {
    yield proof(id, `It is ${before.state} in the sandbox before anything is broken`);
    return;
  }
  const injection = await control.breakIt(options.sandbox);
  let broken: ControlResult;
  try {
    broken = yield* until('fail', { ...options, id, phase: 'broken' });
  } finally {
    await injection.heal();
  }
  if (broken.state !== 'fail') {
    yield proof(id, `It stayed ${broken.state} while the thing was broken`);
    return;
  }
  const healed = yield* until('pass', { ...options, id, phase: 'healed' });
  if (healed.state === 'pass')
    yield { type: 'proof', id, ableToFail: true, message: 'Green, red while broken, green again' };
  else yield proof(id, `It stayed ${healed.state} after the thing was healed`);
}

export type ProofOptions = {
  readonly sandbox: Sandbox;
  readonly clock: Clock;
  readonly look: () => Promise<ControlResult>;
  /** Between two looks. */
  readonly pause: () => Promise<void>;
};

type Phase = 'before' | 'broken' | 'healed';

/** Looks again and again until the state is there or the time is up; gives the last result. */
async function* until(
  state: ControlResult['state'],
  options: ProofOptions & { readonly id: string; readonly phase: Phase },
): AsyncGenerator<ControlRunEvent, ControlResult> {
  const deadlineMs = options.clock.nowMs() + waitMsMax;
  for (;;) {
    const result = await options.look();
    if (result.state === state || options.clock.nowMs() > deadlineMs) {
      yield { type: 'result', phase: options.phase, result };
      return result;
    }
    yield { type: 'progress', id: options.id, message: `${options.phase}: ${result.state}, waiting for ${state}` };
    await options.pause();
  }
}

function proof(id: string, message: string): ControlRunEvent {
  return { type: 'proof', id, ableToFail: false, message };
}
