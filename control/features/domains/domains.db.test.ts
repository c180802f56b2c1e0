import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { Domain } from '@ringfort/contracts/api/domains.ts';

import { startTestDatabases, type TestDatabase, type TestDatabases } from '../../db/test-database.ts';
import { startTestApi, type TestAnswer, type TestApi } from '../../test-api.ts';

let databases: TestDatabases;
let database: TestDatabase;
let api: TestApi;
const mine = '/workspaces/main/projects/shop/environments/live';
const theirs = '/workspaces/other/projects/rival/environments/live';

before(async () => {
  databases = await startTestDatabases();
  database = await databases.create();
  api = await startTestApi(database);
  await post('/workspaces', { slug: 'other' });
  await post('/workspaces/main/projects', { slug: 'shop' });
  await post('/workspaces/other/projects', { slug: 'rival' });
  for (const path of [mine, theirs]) await post(path.replace('/live', ''), { slug: 'live', stage: 'production' });
});
after(async () => {
  await api.close();
  await database.close();
  await databases.stop();
});

async function post(path: string, body?: unknown): Promise<TestAnswer> {
  return api.send({ method: 'POST', path, ...(body === undefined ? {} : { body }) });
}

async function add(path: string, hostname: string): Promise<Domain> {
  const added = await post(`${path}/domains`, { hostname });
  assert.equal(added.status, 201, JSON.stringify(added.body));
  return Domain.parse(added.body);
}

async function verify(path: string, hostname: string): Promise<TestAnswer> {
  return post(`${path}/domains/${hostname}/verifications`);
}

test('Each claim of a domain gets a proof of its own', async () => {
  const [one, two] = [await add(mine, 'www.example.org'), await add(theirs, 'www.example.org')];
  assert.equal(one.state, 'unproven');
  assert.equal(one.proof.name, '_ringfort.www.example.org');
  assert.match(one.proof.value, /^ringfort=[\w-]{32}$/u);
  assert.notEqual(one.proof.value, two.proof.value);
  assert.equal((await post(`${mine}/domains`, { hostname: 'www.example.org' })).body['code'], 'name-taken');
});

test('The platform’s own names, what lies under or above them, and what is no full name cannot be claimed', async () => {
  const refused = [
    'apps.test',
    'evil.apps.test',
    'rival-live.apps.test',
    'platform.test',
    'x.platform.test',
    'test',
    'localhost',
    '10.0.0.1',
    'EXAMPLE.org',
    'example.org.',
    'a..b',
    '*.example.org',
    'exa mple.org',
  ];
  for (const hostname of refused) {
    const answer = await post(`${mine}/domains`, { hostname });
    assert.deepEqual([answer.status, answer.body['code']], [422, 'input-invalid'], hostname);
  }
});

test('A domain is proved by its claim’s own record, and by no other', async () => {
  const domain = await add(mine, 'shop.example.org');
  assert.equal((await verify(mine, 'shop.example.org')).body['code'], 'domain-unproven');
  api.txt.set(domain.proof.name, ['other', `${domain.proof.value}x`]);
  assert.equal((await verify(mine, 'shop.example.org')).body['code'], 'domain-unproven');
  api.txt.set(domain.proof.name, ['v=spf1 -all', domain.proof.value]);
  const proven = await verify(mine, 'shop.example.org');
  assert.deepEqual([proven.status, proven.body['state']], [200, 'proven']);
  assert.equal(
    (await verify(mine, 'shop.example.org')).body['provenAt'],
    proven.body['provenAt'],
    'again changes nothing',
  );
});

test('One environment of the platform can prove a domain, until it is removed there', async () => {
  const rival = await add(theirs, 'shop.example.org');
  api.txt.set(rival.proof.name, [rival.proof.value]);
  const taken = await verify(theirs, 'shop.example.org');
  assert.deepEqual([taken.status, taken.body['code']], [409, 'name-taken']);
  assert.equal((await api.send({ method: 'DELETE', path: `${mine}/domains/shop.example.org` })).status, 204);
  assert.equal((await verify(theirs, 'shop.example.org')).body['state'], 'proven');
});

test('A deleted environment lets go of its domains', async () => {
  await api.send({ method: 'DELETE', path: `${theirs}?confirm=live` });
  const again = await add(mine, 'shop.example.org');
  api.txt.set(again.proof.name, [again.proof.value]);
  assert.equal((await verify(mine, 'shop.example.org')).body['state'], 'proven');
});
