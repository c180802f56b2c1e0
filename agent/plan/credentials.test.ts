import assert from 'node:assert/strict';
import { test } from 'node:test';

import { testRelease, testSpec } from '../test-spec.ts';
import { noCredentials, planCredentials } from './credentials.ts';
import { mysqlInit } from './mysql-init.ts';

const withUser = testSpec();
const withOther = testSpec({
  releases: [testRelease(4), testRelease(5, { relationships: { database: 'database', reports: 'database' } })],
});
const withNone = testSpec({ releases: [] });

test('planCredentials() makes one user for each component and relationship, and keeps what is there', () => {
  const first = planCredentials(withUser, noCredentials, () => 'one');
  const second = planCredentials(withOther, first, () => 'two');
  assert.deepEqual(second.services['database'], {
    users: [
      { name: 'web_database', password: 'one' },
      { name: 'web_reports', password: 'two' },
    ],
    retired: [],
  });
});

test('planCredentials() retires users that no release declares, and brings them back with a new password', () => {
  const first = planCredentials(withUser, noCredentials, () => 'one');
  const none = planCredentials(withNone, first, () => 'two');
  assert.deepEqual(none.services['database'], { users: [], retired: ['web_database'] });
  const again = planCredentials(withUser, none, () => 'three');
  assert.deepEqual(again.services['database'], { users: [{ name: 'web_database', password: 'three' }], retired: [] });
});

test('planCredentials() forgets the users of a service that is gone', () => {
  const first = planCredentials(withUser, noCredentials, () => 'one');
  assert.deepEqual(planCredentials(testSpec({ services: [], releases: [] }), first, () => 'two').services, {});
});

test('mysqlInit() drops retired users and gives the others rights on their database alone', () => {
  const script = mysqlInit({ users: [{ name: 'web_database', password: 'p-1_A' }], retired: ['web_old'] });
  assert.deepEqual(script.split('\n').slice(2), [
    "drop user if exists 'web_old'@'%';",
    "create or replace user 'web_database'@'%' identified by 'p-1_A';",
    "grant all privileges on `app`.* to 'web_database'@'%';",
    '',
  ]);
});

test('mysqlInit() refuses a name or password that would need escaping', () => {
  for (const password of ["a'b", 'a\\b', 'a\nb', 'a b', '']) {
    assert.throws(() => mysqlInit({ users: [{ name: 'web_database', password }], retired: [] }), /must not/);
  }
});
