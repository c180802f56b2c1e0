import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';

import { Problem } from '@ringfort/contracts/problem.ts';
import { z } from 'zod';

import type { Prompts } from '../prompts.ts';
import { standInApi, type StandInHandlers } from '../stand-in-api.ts';
import { testCommandLine } from '../test-command-line.ts';

const id = '01890000-0000-7000-8000-000000000001';
const at = '2026-01-01T00:00:00.000Z';
const url = 'https://shop-staging.localhost:8443';
const staging = { id, slug: 'staging', stage: 'staging', criticality: 'noncritical', region: 'here', url } as const;
const environment = { ...staging, activeReleaseId: null, createdAt: at };
const deployment = { id, kind: 'source', message: '', releaseId: null, createdAt: at, finishedAt: null } as const;

test('deploy makes what is missing with --yes, sends the folder, follows the steps and prints the address', async () => {
  const seen: unknown[] = [];
  await using source = await shop();
  await using server = await standInApi({
    ...platform('succeeded'),
    listEnvironments: () => {
      throw new Problem('not-found', 'There is no project “shop”.');
    },
    createProject: ({ body }) => (seen.push(body), { id, slug: 'shop', createdAt: at }),
    createEnvironment: ({ body }) => (seen.push(body), environment),
    createDeployment: ({ body }) => (seen.push(body), { ...deployment, state: 'preparing' }),
  });
  const run = await testCommandLine(['deploy', '.', '-e', 'staging', '--yes'], {
    url: server.url,
    folder: source.path,
  });
  assert.deepEqual([run.exitCode, run.out], [0, `${url}\n`], run.err);
  assert.deepEqual(seen.slice(0, 2), [{ slug: 'shop' }, { slug: 'staging', stage: 'staging', throwaway: false }]);
  assert.match(JSON.stringify(seen[2]), /"sourceDigest":"[0-9a-f]{64}","config":\{"name":"shop"/);
  assert.match(run.err, /● building\n {2}npm ci\n/);
  assert.match(run.err, /✓ Live in shop\/staging/);
});

test('deploy ends with 1 and says why when the deployment failed, and prints no address', async () => {
  await using source = await shop();
  await using server = await standInApi(platform('failed'));
  const run = await testCommandLine(['deploy', source.path, '-e', 'staging'], { url: server.url });
  assert.deepEqual([run.exitCode, run.out], [1, '']);
  assert.match(run.err, /✗ The deployment failed: The build ended with exit code 1/);
});

test('deploy --json prints the deployment alone on standard output', async () => {
  await using source = await shop();
  await using server = await standInApi(platform('succeeded'));
  const run = await testCommandLine(['deploy', source.path, '-e', 'staging', '--json'], { url: server.url });
  const Shown = z.object({ project: z.string(), deployment: z.object({ state: z.string() }) });
  const shown = Shown.parse(JSON.parse(run.out));
  assert.deepEqual([run.exitCode, shown], [0, { project: 'shop', deployment: { state: 'succeeded' } }]);
});

test('deploy goes on following when the connection is cut, showing each line once', async () => {
  await using source = await shop();
  let times = 0;
  const lines = [event('preparing', 'one'), event('building', 'two'), event('building', 'three')];
  await using server = await standInApi({
    ...platform('succeeded'),
    streamDeployment: () => {
      times += 1;
      return times === 1 ? [...lines.slice(0, 2), new Error('Cut the connection')] : lines;
    },
  });
  const run = await testCommandLine(['deploy', source.path, '-e', 'staging'], { url: server.url });
  assert.equal(run.exitCode, 0, run.err);
  assert.deepEqual(
    ['one', 'two', 'three'].map((line) => run.err.split(`  ${line}\n`).length - 1),
    [1, 1, 1],
  );
});

test('deploy makes nothing without --yes where nobody can be asked', async () => {
  await using source = await shop();
  await using server = await standInApi({
    ...platform('succeeded'),
    listEnvironments: () => ({ items: [], next: null }),
  });
  const run = await testCommandLine(['deploy', source.path, '-e', 'production'], { url: server.url });
  assert.equal(run.exitCode, 64);
  assert.match(run.err, /the environment “production” \(production\)/);
  assert.deepEqual(
    server.requests.filter((line) => line.startsWith('POST')),
    [],
  );
});

test('deploy asks before it makes something, and takes no for an answer', async () => {
  await using source = await shop();
  const questions: string[] = [];
  const prompts: Prompts = {
    confirm: async (question) => {
      questions.push(question);
      return Promise.resolve(false);
    },
    choose: async () => Promise.reject(new Error('Not asked')),
    ask: async (_question, placeholder) => Promise.resolve(placeholder),
  };
  await using server = await standInApi({
    ...platform('succeeded'),
    listEnvironments: () => ({ items: [], next: null }),
  });
  const run = await testCommandLine(['deploy', source.path], { url: server.url, prompts });
  assert.equal(run.exitCode, 130);
  assert.deepEqual(questions, ['Make the environment “staging” (staging)?']);
});

test('deploy refuses a folder without ringfort.yaml, one with a wrong one and one with a link that leads out', async () => {
  await using source = await shop();
  await using server = await standInApi(platform('succeeded'));
  const words = ['deploy', source.path, '-e', 'staging'];
  await symlink('/etc/passwd', join(source.path, 'passwd'));
  const withLink = await testCommandLine(words, { url: server.url });
  await writeFile(join(source.path, 'ringfort.yaml'), 'name: shop\n');
  const wrong = await testCommandLine(words, { url: server.url });
  await rm(join(source.path, 'ringfort.yaml'));
  const missing = await testCommandLine(words, { url: server.url });
  assert.deepEqual([withLink.exitCode, wrong.exitCode, missing.exitCode], [1, 64, 64]);
  assert.match(withLink.err, /passwd is a link that leads out/);
  assert.match(wrong.err, /applications: Is missing/);
  assert.match(missing.err, /There is no ringfort\.yaml in/);
});

test('deploy never prints the token', async () => {
  await using source = await shop();
  await using server = await standInApi(platform('failed'));
  const run = await testCommandLine(['deploy', source.path, '-e', 'staging', '--json'], { url: server.url });
  assert.doesNotMatch(run.out + run.err, /rf_test/);
});

type State = 'preparing' | 'building' | 'succeeded' | 'failed';

function event(state: State, line: string): { at: string; state: State; line: string } {
  return { at, state, line };
}

/** A platform with shop/staging, whose deployments end as given. */
function platform(end: 'succeeded' | 'failed'): StandInHandlers {
  const message = end === 'failed' ? 'The build ended with exit code 1' : '';
  return {
    listEnvironments: () => ({ items: [environment], next: null }),
    uploadSource: ({ bytes }) => ({
      sourceDigest: createHash('sha256').update(bytes).digest('hex'),
      sizeBytes: bytes.length,
    }),
    createDeployment: () => ({ ...deployment, state: 'preparing' }),
    streamDeployment: () => [event('preparing', ''), event('building', 'npm ci'), event(end, '')],
    readDeployment: () => ({ ...deployment, state: end, message, finishedAt: at }),
  };
}

async function shop(): Promise<AsyncDisposable & { readonly path: string }> {
  const path = await mkdtemp(join(tmpdir(), 'ringfort-test-'));
  const config = 'name: shop\napplications:\n  web:\n    runtime: node@24\n    start: node server.js\n';
  await writeFile(join(path, 'ringfort.yaml'), config);
  await writeFile(join(path, 'server.js'), '');
  return { path, [Symbol.asyncDispose]: async () => rm(path, { recursive: true }) };
}
