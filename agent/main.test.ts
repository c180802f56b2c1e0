import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { access, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { test, type TestContext } from 'node:test';

import { ObserveAnswer } from '@ringfort/contracts/agent-requests.ts';
import { parsePublicKey } from '@ringfort/contracts/signed.ts';
import type { AgentConfig } from '@ringfort/contracts/program-config.ts';
import { wait } from '@ringfort/kit/wait.ts';

import { askAgent } from './test-agent.ts';
import { testConfig } from './test-config.ts';
import { testSpec } from './test-spec.ts';

const program = join(import.meta.dirname, 'main.ts');

test('main.ts keys prints the same public keys at every call', async (context) => {
  const { path } = await makeConfig(context);
  const first = await printKeys(path);
  assert.equal(await printKeys(path), first);
  const keys: unknown = JSON.parse(first);
  assert.ok(typeof keys === 'object' && keys !== null && 'verifyKey' in keys && 'caPem' in keys);
  assert.equal(parsePublicKey(String(keys.verifyKey)).asymmetricKeyType, 'ed25519');
  assert.match(String(keys.caPem), /^-----BEGIN CERTIFICATE-----/);
});

test('main.ts says when it is ready, refuses a second one, and ends on SIGTERM', async (context) => {
  const { config, path } = await makeConfig(context);
  const agent = start(context, path);
  await ready(config);
  const second = start(context, path);
  assert.notEqual((await once(second, 'exit'))[0], 0);
  agent.kill('SIGTERM');
  assert.deepEqual(await once(agent, 'exit'), [0, null]);
  await assert.rejects(access(config.readyFile));
});

test('main.ts keeps what it took when it is killed at any moment', async (context) => {
  const { config, path } = await makeConfig(context);
  for (let generation = 1; generation <= 5; generation += 1) {
    const agent = start(context, path);
    await ready(config);
    await askAgent(config, { name: 'applySpec', body: testSpec({ generation, releases: [] }) });
    await wait(Math.random() * 40);
    agent.kill('SIGKILL');
    await once(agent, 'exit');
    await rm(config.readyFile);
  }
  start(context, path);
  await ready(config);
  for (;;) {
    const [seen] = ObserveAnswer.parse(JSON.parse(await askAgent(config, { name: 'observe' }))).environments;
    assert.equal(seen?.generation, 5);
    if (seen.appliedGeneration === 5) return;
    await wait(10);
  }
});

async function makeConfig(context: TestContext): Promise<{ readonly config: AgentConfig; readonly path: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'ringfort-main-'));
  context.after(() => rm(folder, { recursive: true, force: true }));
  const config = await testConfig(folder);
  const path = join(folder, 'agent.json');
  await writeFile(path, JSON.stringify(config));
  return { config, path };
}

function printKeys(path: string): Promise<string> {
  return text(
    spawn(process.execPath, [program, 'keys', path], { stdio: ['ignore', 'pipe', 'inherit'], env: {} }).stdout,
  );
}

function start(context: TestContext, path: string): ChildProcess {
  const child = spawn(process.execPath, [program, path], { stdio: 'ignore', env: {} });
  context.after(() => child.kill('SIGKILL'));
  return child;
}

async function ready({ readyFile }: AgentConfig): Promise<void> {
  const isThere = (): Promise<boolean> =>
    access(readyFile).then(
      () => true,
      () => false,
    );
  while (!(await isThere())) await wait(10);
}
