import type { ControlResult, ControlRunEvent } from '@ringfort/contracts/api/controls.ts';

import { exitCodes } from './failure.ts';

/** What a run of controls has come to. `proofs` are of break tests: whether the control turned red while broken and green after. */
export type ControlRun = {
  readonly results: ReadonlyMap<string, Readonly<Partial<Record<Phase, ControlResult>>>>;
  readonly proofs: ReadonlyMap<string, { readonly ableToFail: boolean; readonly message: string }>;
};
export type Phase = 'verify' | 'before' | 'broken' | 'healed';

export const emptyRun: ControlRun = { results: new Map(), proofs: new Map() };

/** The run with one event more. */
export function addEvent(run: ControlRun, event: ControlRunEvent): ControlRun {
  switch (event.type) {
    case 'progress':
      return run;
    case 'result': {
      const { id } = event.result;
      const phases = { ...run.results.get(id), [event.phase]: event.result };
      return { ...run, results: new Map([...run.results, [id, phases]]) };
    }
    case 'proof':
      return { ...run, proofs: new Map([...run.proofs, [event.id, event]]) };
    default:
      return event satisfies never;
  }
}

/** The result of each expected control, by name; one that the run gave none of is `unknown`. */
export function verifiedResults(run: ControlRun, expected: readonly string[]): readonly ControlResult[] {
  const ids = [...new Set([...expected, ...run.results.keys()])].toSorted();
  return ids.map((id) => run.results.get(id)?.verify ?? withoutResult(id));
}

/** 0: all pass; 1: something fails or is stale; 2: only unknowns remain, or nothing was looked at. */
export function verifyExitCode(results: readonly ControlResult[]): number {
  if (results.some(({ state }) => state === 'fail' || state === 'stale')) return exitCodes.failed;
  return results.length === 0 || results.some(({ state }) => state === 'unknown')
    ? exitCodes.onlyUnknown
    : exitCodes.ok;
}

/** What a break test of each expected control came to, by name. */
export function breakResults(run: ControlRun, expected: readonly string[]): readonly BreakResult[] {
  const ids = [...new Set([...expected, ...run.results.keys(), ...run.proofs.keys()])].toSorted();
  return ids.map((id) => {
    const { before, broken, healed } = run.results.get(id) ?? {};
    const proof = run.proofs.get(id);
    return {
      id,
      before: before ?? null,
      broken: broken ?? null,
      healed: healed ?? null,
      ableToFail: proof?.ableToFail ?? null,
      message: proof?.message ?? 'The run ended before this control was proved',
    };
  });
}

export type BreakResult = {
  readonly id: string;
  readonly before: ControlResult | null;
  readonly broken: ControlResult | null;
  readonly healed: ControlResult | null;
  /** Null: the run did not say. */
  readonly ableToFail: boolean | null;
  readonly message: string;
};

/** 0: each was seen to turn red and green again; 1: one was not; 2: the run did not say of one. */
export function breakExitCode(results: readonly BreakResult[]): number {
  if (results.some(({ ableToFail }) => ableToFail === false)) return exitCodes.failed;
  return results.length === 0 || results.some(({ ableToFail }) => ableToFail === null)
    ? exitCodes.onlyUnknown
    : exitCodes.ok;
}

function withoutResult(id: string): ControlResult {
  const evidence = { reason: 'The run ended without a result' };
  return { id, state: 'unknown', seenFrom: [], checkedAt: null, durationMs: null, evidence };
}
