import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';

import { apiAddress, instanceName } from './config.ts';
import { Failure } from './failure.ts';

test('apiAddress() finds this machine’s instance, with its token and its own authority', async () => {
  await using homes = await instanceHomes({ 'instance.json': '{"httpsPort":8443,"more":true}' });
  const address = apiAddress({ variables: {}, homes: homes.path }, undefined);
  assert.deepEqual([address.url.origin, address.token, address.ca], ['https://localhost:8443', 'rf_local', 'PEM']);
});

test('apiAddress() goes to RINGFORT_URL with RINGFORT_TOKEN, unless an instance is named', async () => {
  await using homes = await instanceHomes({ 'instance.json': '{"httpsPort":8443}' });
  const variables = { RINGFORT_URL: 'https://ringfort.example.org', RINGFORT_TOKEN: 'rf_mine\n' };
  const remote = apiAddress({ variables, homes: homes.path }, undefined);
  assert.deepEqual(
    [remote.url.origin, remote.token, remote.ca],
    ['https://ringfort.example.org', 'rf_mine', undefined],
  );
  assert.equal(apiAddress({ variables, homes: homes.path }, 'default').url.origin, 'https://localhost:8443');
});

test('apiAddress() refuses to send a token over plain HTTP to anywhere but this machine', () => {
  const at = (url: string): string =>
    apiAddress({ variables: { RINGFORT_URL: url }, homes: '/nonexistent' }, undefined).url.href;
  assert.equal(at('http://127.0.0.1:8080'), 'http://127.0.0.1:8080/');
  for (const url of ['http://ringfort.example.org', 'http://127.0.0.1.example.org', 'ftp://localhost', 'nonsense'])
    assert.throws(
      () => at(url),
      (error) => error instanceof Failure && error.exitCode === 64,
    );
});

test('apiAddress() says what to do when the instance is not set up or its file is not whole', async () => {
  await using homes = await instanceHomes({ 'instance.json': '{' });
  for (const name of ['default', 'other'])
    assert.throws(
      () => apiAddress({ variables: {}, homes: homes.path }, name),
      (error) => error instanceof Failure && error.exitCode === 69 && error.fix?.includes('./ringfort up') === true,
    );
});

test('instanceName() takes the option before the variable, and refuses names that would leave the folder', () => {
  const around = { variables: { RINGFORT_INSTANCE: 'tests' }, homes: '/nonexistent' };
  assert.deepEqual([instanceName(around, 'other'), instanceName(around, undefined)], ['other', 'tests']);
  for (const name of ['../etc', 'A', '', 'a'.repeat(13)]) assert.throws(() => instanceName(around, name), Failure);
});

async function instanceHomes(
  files: Readonly<Record<string, string>>,
): Promise<AsyncDisposable & { readonly path: string }> {
  const path = await mkdtemp(join(tmpdir(), 'ringfort-test-'));
  await mkdir(join(path, 'default'));
  const all = { 'administrator-token': 'rf_local\n', 'authority.pem': 'PEM', ...files };
  for (const [name, text] of Object.entries(all)) await writeFile(join(path, 'default', name), text);
  return { path, [Symbol.asyncDispose]: async () => rm(path, { recursive: true }) };
}
