import type { ControlResult } from '@ringfort/contracts/api/controls.ts';
import { Problem } from '@ringfort/contracts/problem.ts';

import type { Control, ControlContext, Finding } from './control.ts';

/** Runs a control once. What it could not look at is `unknown`, with the reason as its evidence; a bug of the control throws. */
export async function runControl(control: Control, context: ControlContext): Promise<ControlResult> {
  const startedMs = context.clock.nowMs();
  const finding = await findOrExplain(control, context);
  const endedMs = context.clock.nowMs();
  return {
    id: control.id,
    state: finding.state,
    seenFrom: [...finding.seenFrom],
    checkedAt: new Date(endedMs).toISOString(),
    durationMs: endedMs - startedMs,
    evidence: finding.evidence,
  };
}

async function findOrExplain(control: Control, context: ControlContext): Promise<Finding> {
  try {
    return await control.verify(context);
  } catch (cause) {
    if (!(cause instanceof Problem)) throw cause;
    return { state: 'unknown', seenFrom: [], evidence: { reason: cause.detail, code: cause.code } };
  }
}
