import assert from 'node:assert/strict';
import { test } from 'node:test';

import { testId, testRelease, testSpec } from '../test-spec.ts';
import { checkSpec } from './check-spec.ts';
import { checkSuccession } from './check-succession.ts';

test('checkSpec() passes a whole specification and an empty one', () => {
  checkSpec(testSpec(), ['localhost']);
  checkSpec(testSpec({ services: [], releases: [], hostnames: [] }), ['localhost']);
});

test('checkSpec() refuses what the form alone cannot', () => {
  const [service] = testSpec().services;
  const refused: readonly [string, Readonly<Record<string, unknown>>][] = [
    ['a service twice', { services: [service, service] }],
    ['a release twice', { releases: [testRelease(4), testRelease(4)] }],
    ['a host name twice', { hostnames: ['a.localhost', 'a.localhost'] }],
    ['the host name of the platform', { hostnames: ['localhost'] }],
    ['a relationship to no service', { releases: [testRelease(4, { relationships: { database: 'other' } })] }],
    ['a component named as a service', { releases: [testRelease(4, { name: 'database' })] }],
    [
      'variables that collide',
      { releases: [testRelease(4, { relationships: { 'my-db': 'database', my_db: 'database' } })] },
    ],
    [
      'more replicas than addresses',
      {
        releases: [
          { releaseId: testId(4), components: Array.from({ length: 6 }, (_, index) => ({ ...componentOf(index) })) },
        ],
      },
    ],
  ];
  for (const [what, parts] of refused) {
    assert.throws(() => checkSpec(testSpec(parts), ['localhost']), { code: 'input-invalid' }, what);
  }
});

test('checkSuccession() takes a newer specification, and the same again', () => {
  checkSuccession(testSpec(), testSpec());
  checkSuccession(testSpec({ generation: 2, hostnames: [] }), testSpec());
  const removed = testSpec({ generation: 2, state: 'removed' });
  checkSuccession(testSpec({ generation: 3, state: 'removed' }), removed);
});

test('checkSuccession() refuses an older one, and another one under the same number', () => {
  assert.throws(() => checkSuccession(testSpec({ generation: 1 }), testSpec({ generation: 2 })), {
    code: 'spec-stale',
  });
  assert.throws(() => checkSuccession(testSpec({ hostnames: [] }), testSpec()), { code: 'spec-stale' });
});

test('checkSuccession() refuses to change what was settled at the beginning, and to bring the removed back', () => {
  for (const parts of [{ throwaway: true }, { workspaceId: testId(9) }, { projectId: testId(9) }]) {
    assert.throws(() => checkSuccession(testSpec({ generation: 2, ...parts }), testSpec()), { code: 'state-conflict' });
  }
  const removed = testSpec({ generation: 2, state: 'removed' });
  assert.throws(() => checkSuccession(testSpec({ generation: 3 }), removed), { code: 'state-conflict' });
});

function componentOf(index: number): Readonly<Record<string, unknown>> {
  const [component] = testSpec().releases[0]?.components ?? [];
  return { ...component, name: `web${index}`, replicas: 10 };
}
