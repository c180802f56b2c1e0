import type { Log } from '@ringfort/kit/log.ts';

import { allControls } from './all-controls.ts';
import type { Control } from './control.ts';
import { liveContext, type ControlsEnvironment } from './controls-context.ts';
import { runControl } from './run-control.ts';
import { addResult, listNewestResults } from './store.ts';

/** Runs each control whose time has come, one after the other. Gives how many were run. */
export async function checkDueControls(environment: ControlsEnvironment, log: Log): Promise<number> {
  const newest = await listNewestResults(environment.live.reconciler);
  const due = allControls.filter((control) =>
    isDue(control, { checkedAt: newest.get(control.id)?.checkedAt, nowMs: environment.clock.nowMs() }),
  );
  for (const control of due) {
    const result = await runControl(control, await liveContext(environment));
    await addResult(environment.live.reconciler, result);
    if (result.state !== 'pass') log.warn('A control is not green', { control: result.id, state: result.state });
  }
  return due.length;
}

/** Due at each tick of the control's own interval, counted from the epoch, so that a check that is missing shows. */
export function isDue(
  control: Control,
  seen: { readonly checkedAt: string | null | undefined; readonly nowMs: number },
): boolean {
  if (seen.checkedAt === null || seen.checkedAt === undefined) return true;
  const tick = (atMs: number): number => Math.floor(atMs / control.everyMs);
  return tick(seen.nowMs) > tick(Date.parse(seen.checkedAt));
}
