import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Problem } from '@ringfort/contracts/problem.ts';

import { commands } from './commands.ts';
import { standInApi } from './stand-in-api.ts';
import { testCommandLine } from './test-command-line.ts';

const id = '01890000-0000-7000-8000-000000000001';
const at = '2026-01-01T00:00:00.000Z';
const nowhere = new URL('http://127.0.0.1:9');

test('runCommandLine() lists every command, by group, when nothing is asked', async () => {
  const run = await testCommandLine([], { url: nowhere });
  assert.equal(run.exitCode, 0);
  for (const { name } of commands) assert.match(run.out, new RegExp(`^ {2}${name}\\b`, 'm'));
  assert.match(run.out, /Everyday:\n {2}deploy/);
});

test('runCommandLine() gives every command a help of its own', async () => {
  for (const { name } of commands.filter((command) => !command.passesArgumentsOn)) {
    const run = await testCommandLine([name, '--help'], { url: nowhere });
    assert.equal(run.exitCode, 0);
    assert.match(run.out, new RegExp(`^Usage: ringfort ${name}`));
  }
});

test('runCommandLine() takes help as a word, too', async () => {
  const [all, one] = [
    await testCommandLine(['help'], { url: nowhere }),
    await testCommandLine(['help', 'logs'], { url: nowhere }),
  ];
  assert.deepEqual([all.exitCode, one.exitCode], [0, 0]);
  assert.match(all.out, /^Usage: ringfort \[options\]/);
  assert.match(one.out, /^Usage: ringfort logs/);
});

test('runCommandLine() ends with 64 for unknown commands, options and values', async () => {
  const runs = await Promise.all([
    testCommandLine(['deplo'], { url: nowhere }),
    testCommandLine(['releases', '--everything'], { url: nowhere }),
    testCommandLine(['releases', '--limit', 'many'], { url: nowhere }),
    testCommandLine(['token:create', 'ci', '--permission', 'root'], { url: nowhere }),
    testCommandLine(['releases'], { url: nowhere }),
  ]);
  assert.deepEqual(
    runs.map(({ exitCode }) => exitCode),
    [64, 64, 64, 64, 64],
  );
  assert.match(runs[0]?.err ?? '', /Did you mean deploy\?/);
  assert.match(runs[4]?.err ?? '', /Which project is meant\?/);
});

test('runCommandLine() says what a problem is and what to do, with the request’s id, and ends with 1', async () => {
  await using server = await standInApi({
    listProjects: () => {
      throw new Problem('permission-denied', 'The token may not \u001b[31mproject:read\u001b[0m.');
    },
  });
  const run = await testCommandLine(['project:list'], { url: server.url });
  assert.equal(run.exitCode, 1);
  assert.match(run.err, /✗ The token may not project:read\.\n/);
  assert.match(run.err, /Ask an administrator.*\(permission-denied\)\n {2}Request 01890000-/s);
});

test('runCommandLine() ends with 69 when the platform does not answer', async () => {
  const run = await testCommandLine(['me'], { url: nowhere });
  assert.equal(run.exitCode, 69);
  assert.match(run.err, /does not answer.*\n {2}Start it with `\.\/ringfort up`/);
});

test('runCommandLine() takes global options before and after the command', async () => {
  await using server = await standInApi({ listProjects: () => ({ items: [], next: null }) });
  await testCommandLine(['--workspace', 'team-a', 'project:list'], { url: server.url });
  await testCommandLine(['project:list', '--workspace', 'team-b'], { url: server.url });
  assert.deepEqual(
    server.requests.map((line) => line.split('?')[0]),
    ['GET /v1/workspaces/team-a/projects', 'GET /v1/workspaces/team-b/projects'],
  );
});

test('lists are read page by page, and shown as an aligned table or as JSON', async () => {
  const items = [
    { id, slug: 'shop', createdAt: at },
    { id, slug: 'guestbook', createdAt: at },
  ] as const;
  await using server = await standInApi({
    listProjects: ({ query }) =>
      JSON.stringify(query).includes('cursor') ? { items: [items[1]], next: null } : { items: [items[0]], next: 'c' },
  });
  const text = await testCommandLine(['project:list'], { url: server.url });
  const json = await testCommandLine(['project:list', '--json'], { url: server.url });
  assert.equal(text.out, 'PROJECT    MADE\nshop       2026-01-01\nguestbook  2026-01-01\n');
  assert.deepEqual(JSON.parse(json.out), items);
});

test('token:create prints the token alone on standard output', async () => {
  const token = { id, actorId: id, name: 'ci', permissions: [], createdAt: at, expiresAt: null, lastUsedAt: null };
  await using server = await standInApi({ createToken: () => ({ ...token, token: 'rf_new' }) });
  const run = await testCommandLine(['token:create', 'ci', '--permission', 'project:read'], { url: server.url });
  assert.equal(run.out, 'rf_new\n');
});

test('environment:delete deletes nothing until its name is given once more', async () => {
  await using server = await standInApi({ deleteEnvironment: () => undefined });
  const words = ['environment:delete', 'staging', '-p', 'shop'];
  const without = await testCommandLine(words, { url: server.url });
  const wrong = await testCommandLine([...words, '--confirm', 'production'], { url: server.url });
  assert.deepEqual([without.exitCode, wrong.exitCode, server.requests.length], [64, 64, 0]);
  const right = await testCommandLine([...words, '--confirm', 'staging'], { url: server.url });
  assert.equal(right.exitCode, 0, right.err);
  assert.deepEqual(server.requests, ['DELETE /v1/workspaces/main/projects/shop/environments/staging?confirm=staging']);
});

test('domain:verify ends with 1 and shows the record while a domain is not proved', async () => {
  const proof = { name: '_ringfort.shop.example', value: 'rf-proof=abc' };
  await using server = await standInApi({
    verifyDomain: () => ({ hostname: 'shop.example', state: 'unproven', proof, createdAt: at, provenAt: null }),
  });
  const run = await testCommandLine(['domain:verify', 'Shop.example', '-p', 'shop', '-e', 'live'], { url: server.url });
  assert.deepEqual([run.exitCode, run.out], [1, '_ringfort.shop.example  TXT  rf-proof=abc\n']);
});
