import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, test } from 'node:test';

import { uuidv7 } from '@ringfort/kit/uuid.ts';

import { startTestDatabases, type TestDatabase, type TestDatabases } from '../db/test-database.ts';
import { issueTestToken } from '../test-api.ts';
import { authenticate, createTokenText, digestToken } from './authenticate.ts';

let databases: TestDatabases;
let database: TestDatabase;
let token: string;

before(async () => {
  databases = await startTestDatabases();
  database = await databases.create();
  token = await issueTestToken(database, () => uuidv7(Date.now()));
});
after(async () => {
  await database.close();
  await databases.stop();
});

const invalid = { code: 'token-invalid' };

async function readUse(): Promise<Date> {
  const [row] = await database.query('superuser', 'select max(last_used_at) as at from ringfort.token_uses');
  assert.ok(row?.['at'] instanceof Date);
  return row['at'];
}

async function change(text: string): Promise<void> {
  await database.query('replica', text);
}

test('createTokenText() gives a prefix and 256 random bits', () => {
  assert.match(createTokenText(randomBytes), /^rf_[\w-]{43}$/u);
  assert.notEqual(createTokenText(randomBytes), createTokenText(randomBytes));
});

test('authenticate() tells who a token belongs to', async () => {
  const actor = await authenticate(database.runtime, token);
  assert.equal(actor.name, 'administrator');
  assert.deepEqual(
    actor.grants.map((grant) => grant.slug),
    ['main'],
  );
  assert.deepEqual(actor.platformPermissions, ['workspace:create', 'control:read', 'control:run']);
});

test('authenticate() refuses texts that are not tokens, without asking the database', async () => {
  for (const text of ['', 'x', `${token}x`, token.slice(0, -1), `rf_${'\0'.repeat(43)}`, `RF${token.slice(2)}`])
    await assert.rejects(authenticate(database.runtime, text), invalid, JSON.stringify(text));
  await assert.rejects(authenticate(database.runtime, createTokenText(randomBytes)), invalid);
});

test('The database holds no token, only its digest', async () => {
  const dump = await database.query('superuser', `select t::text as row from ringfort.tokens t`);
  assert.ok(dump.length > 0);
  assert.ok(dump.every((row) => !String(row['row']).includes(token.slice(3))));
  assert.ok(dump.some((row) => String(row['row']).includes(digestToken(token).toString('hex'))));
});

test('authenticate() notes the use at most once a minute', async () => {
  await authenticate(database.runtime, token);
  const first = await readUse();
  await authenticate(database.runtime, token);
  assert.deepEqual(await readUse(), first);
  await change(`update ringfort.token_uses set last_used_at = now() - interval '61 seconds'`);
  await authenticate(database.runtime, token);
  assert.ok((await readUse()).getTime() >= first.getTime());
});

test('authenticate() refuses a token once it has expired, and once it was revoked', async () => {
  await change(`update ringfort.tokens set expires_at = now() + interval '1 minute'`);
  await authenticate(database.runtime, token);
  await change(`update ringfort.tokens set expires_at = now() - interval '1 second'`);
  await assert.rejects(authenticate(database.runtime, token), invalid);
  await change('update ringfort.tokens set expires_at = null, revoked_at = now()');
  await assert.rejects(authenticate(database.runtime, token), invalid);
});

test('A fresh token of the administrator ends the ones before it and changes nothing else', async () => {
  const older = await issueTestToken(database, () => uuidv7(Date.now()));
  const newer = await issueTestToken(database, () => uuidv7(Date.now()));
  await assert.rejects(authenticate(database.runtime, older), invalid);
  const actor = await authenticate(database.runtime, newer);
  assert.deepEqual(
    actor.grants.map((grant) => grant.slug),
    ['main'],
  );
  const [count] = await database.query('superuser', 'select count(*)::int as n from ringfort.actors');
  assert.equal(count?.['n'], 1);
  const events = await database.query('superuser', 'select actor_name, action from ringfort.audit_events order by id');
  assert.deepEqual(events.at(-1), { actor_name: 'set-up', action: 'administrator.issue-token' });
});
