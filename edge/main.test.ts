import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, watch, writeFile } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';

import { createTestAuthority, createTestSite, type TestAuthority } from './test-snapshot.ts';

type Scene = { readonly folder: string; readonly authority: TestAuthority; readonly ports: readonly [number, number] };

async function startScene(t: TestContext): Promise<Scene> {
  const folder = await mkdtemp(join(tmpdir(), 'ringfort-edge-main-'));
  t.after(() => rm(folder, { recursive: true }));
  const authority = await createTestAuthority();
  await writeFile(join(folder, 'sealing-key'), authority.sealingPrivateKey);
  return { folder, authority, ports: [await freePort(), await freePort()] };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  if (address === null || typeof address === 'string') throw new Error('There is no port');
  return address.port;
}

/** Starts the program as the supervisor does, with the snapshot of one site on disk, and waits until it is ready. */
async function startProgram(
  t: TestContext,
  { folder, authority, ports }: Scene,
  edgeId: string,
): Promise<ChildProcess> {
  const home = join(folder, edgeId);
  await mkdir(home);
  const snapshot = await authority.sign({ version: 1, sites: [createTestSite('shop-staging.test')], endpoints: [] });
  await writeFile(join(home, 'snapshot.json'), JSON.stringify(snapshot));
  const config = {
    instance: 'test',
    readyFile: join(folder, `${edgeId}.ready`),
    edgeId,
    httpPort: ports[0],
    httpsPort: ports[1],
    listenAddresses: ['127.0.0.1'],
    home,
    controlSocket: join(folder, 'control.sock'),
    apiSocket: join(folder, 'api.sock'),
    platformHostname: 'console.test',
    sealingPrivateKeyFile: join(folder, 'sealing-key'),
    controlKey: authority.controlKey,
    agentKey: authority.agentKey,
    network: '127.0.0.0/8',
  };
  const path = join(folder, `${edgeId}.json`);
  await writeFile(path, JSON.stringify(config));
  const isReady = whenThere(folder, config.readyFile);
  const child = spawn(process.execPath, [join(import.meta.dirname, 'main.ts'), path], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  t.after(() => void child.kill('SIGKILL'));
  await isReady;
  return child;
}

async function whenThere(folder: string, path: string): Promise<void> {
  for await (const _event of watch(folder)) if (existsSync(path)) return;
}

/** The status of a request over a fresh connection. */
function ask({ ports }: Scene): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const headers = { Host: 'shop-staging.test' };
    const asking = httpRequest({ host: '127.0.0.1', port: ports[0], headers, agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    asking.on('error', reject);
    asking.end();
  });
}

test('The edge program shares its ports with others of its kind: each may die or stop without the others', async (t) => {
  const scene = await startScene(t);
  const first = await startProgram(t, scene, 'edge-1');
  const second = await startProgram(t, scene, 'edge-2');
  for (let index = 0; index < 10; index += 1) assert.equal(await ask(scene), 308);

  const killed = once(first, 'exit');
  first.kill('SIGKILL');
  await killed;
  for (let index = 0; index < 10; index += 1) assert.equal(await ask(scene), 308);

  const stopped = once(second, 'exit');
  const startedMs = performance.now();
  second.kill('SIGTERM');
  assert.deepEqual(await stopped, [0, null]);
  assert.ok(performance.now() - startedMs < 5_000);
  assert.equal(existsSync(join(scene.folder, 'edge-2.ready')), false);
  await assert.rejects(ask(scene));
});
