import assert from 'node:assert/strict';
import { test } from 'node:test';

import { EnvironmentId } from '@ringfort/contracts/identifiers.ts';
import type { ObservedPlace } from '@ringfort/drivers/driver.ts';

import { testId } from '../test-spec.ts';
import { createPlaceObserver } from './place-observer.ts';

const id = EnvironmentId.parse(testId(3));

test('createPlaceObserver() answers everyone who asks anew during a look with the next one', async () => {
  const looks: PromiseWithResolvers<readonly ObservedPlace[]>[] = [];
  const observe = () => {
    const look = Promise.withResolvers<readonly ObservedPlace[]>();
    looks.push(look);
    return look.promise;
  };
  const observer = createPlaceObserver({ observe }, { nowMs: () => 0 });
  const [first, second, third] = [observer.lookAnew(id), observer.lookAnew(id), observer.look(id)];
  assert.equal(looks.length, 1);
  looks[0]?.resolve([placeWith('before')]);
  assert.deepEqual(keys(await first), ['before']);
  assert.equal(looks.length, 2);
  looks[1]?.resolve([placeWith('after')]);
  for (const later of [second, third]) assert.deepEqual(keys(await later), ['after']);
});

test('createPlaceObserver() looks again only when the last look is too old, or somebody asks anew', async () => {
  let nowMs = 0;
  let turn = 0;
  let tookMs = 10;
  const observe = () => {
    nowMs += tookMs;
    return Promise.resolve([placeWith(String((turn += 1)))]);
  };
  const observer = createPlaceObserver({ observe }, { nowMs: () => nowMs });
  const seen = async (after: number): Promise<string | undefined> => {
    nowMs += after;
    return keys(await observer.look(id))[0];
  };
  assert.deepEqual([await seen(0), await seen(999), await seen(1)], ['1', '1', '2']);
  assert.deepEqual(keys(await observer.lookAnew(id)), ['3']);
  tookMs = 500;
  assert.deepEqual(
    [await seen(1_000), await seen(4_999), await seen(1)],
    ['4', '4', '5'],
    'a long look counts for longer',
  );
});

test('createPlaceObserver() looks again after a look that failed', async () => {
  let turn = 0;
  const observe = () => {
    turn += 1;
    return turn === 1 ? Promise.reject(new Error('no engine')) : Promise.resolve([]);
  };
  const observer = createPlaceObserver({ observe }, { nowMs: () => 0 });
  const [first, second] = [observer.look(id), observer.look(id)];
  await assert.rejects(first, /no engine/);
  assert.deepEqual([await second, await observer.lookAnew(id)], [[], []]);
});

function keys(containers: readonly { readonly key: string }[]): readonly string[] {
  return containers.map(({ key }) => key);
}

function placeWith(key: string): ObservedPlace {
  const container = {
    key,
    digest: 'd',
    state: 'running' as const,
    exitCode: null,
    outOfMemory: false,
    startedAt: null,
  };
  return { environmentId: id, workloads: [container] };
}
