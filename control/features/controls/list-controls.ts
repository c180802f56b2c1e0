import type { Control as ControlAnswer, ControlResult } from '@ringfort/contracts/api/controls.ts';
import { api } from '@ringfort/contracts/api/api.ts';

import type { Database } from '../../db/database.ts';
import { query } from '../../query.ts';
import type { RouteHandler } from '../../route-handler.ts';
import { allControls } from './all-controls.ts';
import type { Control } from './control.ts';
import { listNewestResults, listProofs } from './store.ts';

/** A result counts for so many intervals; then it is stale. */
const intervalsMax = 3;

/** Lists the controls with their newest results; one that was not checked in time is stale, whatever it was. */
export function listControls(database: Database): RouteHandler<typeof api.listControls> {
  return query(api.listControls, {
    run: async ({ clock }) => {
      const [results, proofs] = await Promise.all([listNewestResults(database), listProofs(database)]);
      const nowMs = clock.nowMs();
      return {
        items: allControls.map((control) =>
          describeControl(control, { nowMs, result: results.get(control.id), provenAt: proofs.get(control.id) }),
        ),
      };
    },
  });
}

type Known = {
  readonly nowMs: number;
  readonly result: ControlResult | undefined;
  readonly provenAt: Date | undefined;
};

/** A control as the API shows it. Never checked is unknown. */
export function describeControl(control: Control, { nowMs, result, provenAt }: Known): ControlAnswer {
  const { id, claim, supports, everyMs } = control;
  const unchecked: ControlResult = {
    id,
    state: 'unknown',
    seenFrom: [],
    checkedAt: null,
    durationMs: null,
    evidence: null,
  };
  const newest = result ?? unchecked;
  const isStale = newest.checkedAt !== null && nowMs - Date.parse(newest.checkedAt) > everyMs * intervalsMax;
  return {
    ...newest,
    state: isStale ? 'stale' : newest.state,
    claim,
    supports: [...supports],
    everyMs,
    provenAbleToFailAt: provenAt?.toISOString() ?? null,
  };
}
