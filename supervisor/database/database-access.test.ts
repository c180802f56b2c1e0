import assert from 'node:assert/strict';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';

import { identityMap } from './cluster.ts';
import { embeddedDatabase, externalDatabase } from './database-access.ts';

test('identityMap() lets control’s user be the roles of the running platform and nobody mightier', () => {
  const map = identityMap({ database: 'rf-test-db', control: 'rf-test-control' });
  const roles = map.split('\n').filter((line) => line.includes('rf-test-control'));
  assert.deepEqual(
    roles.map((line) => line.split(' ').at(-1)),
    ['ringfort_runtime', 'ringfort_reconciler'],
  );
});

test('embeddedDatabase() goes through the socket and knows no password', () => {
  const { control, migration } = embeddedDatabase('/run/ringfort/test/postgres');
  const socket = '?host=%2Frun%2Fringfort%2Ftest%2Fpostgres';
  assert.equal(control.database.runtime, `postgresql://ringfort_runtime@localhost/ringfort${socket}`);
  assert.equal(migration.database, `postgresql://postgres@localhost/ringfort${socket}`);
});

test('externalDatabase() makes passwords for the two roles once and keeps them closed', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'ringfort-database-'));
  t.after(() => rm(folder, { recursive: true }));
  const file = join(folder, 'passwords.json');
  const address = 'postgresql://owner:their@db.example.org:5433/platform?sslmode=require';
  const { control, migration } = await externalDatabase(address, file);
  assert.deepEqual((await externalDatabase(address, file)).control, control);
  assert.equal((await stat(file)).mode & 0o777, 0o600);
  assert.equal(migration.database, address);
  const runtime = new URL(control.database.runtime);
  assert.equal(runtime.username, 'ringfort_runtime');
  assert.equal(runtime.password, migration.passwords.runtime);
  assert.equal(runtime.pathname + runtime.search, '/platform?sslmode=require');
  assert.notEqual(runtime.password, new URL(control.database.reconciler).password);
});
