import assert from 'node:assert/strict';
import { test } from 'node:test';

import { EnvironmentId } from '@ringfort/contracts/identifiers.ts';

import { testId } from '../test-spec.ts';
import { allotPlace, type PlaceRecord, type Places } from './allot-place.ts';
import { countSubnets, subnetAt } from './subnet.ts';

const options = { throwaway: false, subnets: 4, environmentsMax: 10 };

test('allotPlace() leaves index 0 to the platform and counts up', () => {
  const first = allot([]);
  const second = allot([first]);
  assert.deepEqual([first.place, second.place], [at(1, 1), at(2, 2)]);
});

test('allotPlace() never gives a uid range twice, and a subnet only when no fresh one is left', () => {
  const records = [gone(1, at(1, 1), '2026-01-02'), gone(2, at(2, 2), '2026-01-01')];
  const third = { ...allot(records) };
  assert.deepEqual(third.place, at(3, 3));
  assert.deepEqual(allot([...records, third]).place, at(4, 2), 'the subnet that was free for longest');
});

test('allotPlace() does not give a subnet that somebody has, whoever had it before', () => {
  const records = [
    gone(1, at(1, 1), '2026-01-01'),
    gone(2, at(2, 2), '2026-01-02'),
    here(3, at(3, 3)),
    here(4, at(4, 1)),
  ];
  assert.deepEqual(allot(records).place, at(5, 2));
  assert.throws(() => allot([...records, here(5, at(5, 2))]), { code: 'state-conflict' });
});

test('allotPlace() refuses when all uid ranges were used', () => {
  const all = Array.from({ length: 9 }, (_, index) => gone(index + 1, at(index + 1, 1), '2026-01-01'));
  assert.throws(() => allot(all), { code: 'state-conflict' });
});

test('allotPlace() is not led astray by tombstones without a place', () => {
  assert.deepEqual(allot([gone(1, null, '2026-01-01')]).place, at(1, 1));
});

test('subnetAt() cuts the network into parts of 64 addresses', () => {
  assert.equal(countSubnets('10.89.0.0/16'), 1_024);
  assert.deepEqual(subnetAt('10.89.0.0/16', 0), { cidr: '10.89.0.0/26', gateway: '10.89.0.1' });
  assert.deepEqual(subnetAt('10.89.0.0/16', 1_023), { cidr: '10.89.255.192/26', gateway: '10.89.255.193' });
  assert.throws(() => subnetAt('10.89.0.0/16', 1_024), /no subnet/);
});

function allot(records: Places['records']): PlaceRecord {
  const environmentId = EnvironmentId.parse(testId(100 + records.length));
  return allotPlace({ v: 1, records }, { environmentId, ...options });
}

function at(uidIndex: number, subnetIndex: number): { uidIndex: number; subnetIndex: number } {
  return { uidIndex, subnetIndex };
}

function here(number: number, place: PlaceRecord['place']): PlaceRecord {
  return { environmentId: EnvironmentId.parse(testId(number)), throwaway: false, place, removed: null };
}

function gone(number: number, place: PlaceRecord['place'], day: string): PlaceRecord {
  return { ...here(number, place), removed: { generation: 2, at: `${day}T00:00:00.000Z` } };
}
