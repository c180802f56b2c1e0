import assert from 'node:assert/strict';
import { test } from 'node:test';

import { ReleaseId } from '@ringfort/contracts/identifiers.ts';

import { deploymentLimits as limits } from './limits.ts';
import { nextSwitchStep } from './next-switch-step.ts';
import type { SwitchAction, SwitchFacts } from './next-switch-step.ts';

const [first, second] = [1, 2].map((digit) => ReleaseId.parse(`00000000-0000-7000-8000-00000000000${digit}`));
const live = { edgeId: 'a', lastSeenAtMs: 99_000, ackedVersion: 5 };
const facts: SwitchFacts = {
  nowMs: 100_000,
  listeningSinceMs: 0,
  wantedSite: { releaseId: second ?? null },
  snapshot: { version: 6, site: { releaseId: second ?? null } },
  version: 6,
  acknowledgedAtMs: null,
  drains: true,
  edges: [live],
};

const cases: readonly {
  readonly title: string;
  readonly facts: Partial<SwitchFacts>;
  readonly action: SwitchAction;
}[] = [
  {
    title: 'waits while the snapshot still names the old release',
    facts: { version: null, snapshot: { version: 5, site: { releaseId: first ?? null } } },
    action: { type: 'wait', edges: [] },
  },
  { title: 'waits while there is no snapshot', facts: { snapshot: undefined }, action: { type: 'wait', edges: [] } },
  {
    title: 'records the first version that names the release',
    facts: { version: null },
    action: { type: 'record-version', version: 6 },
  },
  { title: 'waits for an edge that serves an older version', facts: {}, action: { type: 'wait', edges: ['a'] } },
  {
    title: 'goes on when every live edge has it',
    facts: { edges: [{ ...live, ackedVersion: 6 }] },
    action: { type: 'acknowledge' },
  },
  {
    title: 'does not wait for an edge that has been silent for 30 s',
    facts: { edges: [{ ...live, lastSeenAtMs: 70_000 }] },
    action: { type: 'acknowledge' },
  },
  {
    title: 'waits for a silent edge while this control could not have heard it yet',
    facts: { edges: [{ ...live, lastSeenAtMs: 0 }], listeningSinceMs: 80_000 },
    action: { type: 'wait', edges: ['a'] },
  },
  { title: 'lets open requests end', facts: { acknowledgedAtMs: 95_000 }, action: { type: 'wait', edges: [] } },
  {
    title: 'drops the old release when they had their time',
    facts: { acknowledgedAtMs: 100_000 - limits.drainingMs },
    action: { type: 'drop' },
  },
  {
    title: 'rests when there is nothing to drop',
    facts: { acknowledgedAtMs: 1, drains: false },
    action: { type: 'rest' },
  },
  {
    title: 'does not take a snapshot with the environment for one without it',
    facts: { wantedSite: undefined, version: null },
    action: { type: 'wait', edges: [] },
  },
  {
    title: 'records the first version without a deleted environment',
    facts: { wantedSite: undefined, version: null, snapshot: { version: 7, site: undefined } },
    action: { type: 'record-version', version: 7 },
  },
];

for (const { title, facts: changed, action } of cases)
  test(`nextSwitchStep() decides what it does: it ${title}`, () => {
    assert.deepEqual(nextSwitchStep({ ...facts, ...changed }), action);
  });
