import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';

import { text } from 'node:stream/consumers';

import type { ControlConfig } from '@ringfort/contracts/program-config.ts';
import { Client } from 'undici';
import type { z } from 'zod';

import { startTestPostgres, type TestPostgres } from './db/test-postgres.ts';

let postgres: TestPostgres;
let folder: string;
const started: ChildProcess[] = [];
const readyMsMax = 30_000;

before(async () => {
  postgres = await startTestPostgres();
  folder = mkdtempSync(join(tmpdir(), 'ringfort-control-'));
  const { privateKey } = generateKeyPairSync('ed25519');
  writeFileSync(join(folder, 'signing.key'), privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
  writeFileSync(join(folder, 'control.json'), JSON.stringify(controlConfig()));
  const database = postgres.connect({ role: 'postgres', database: 'ringfort' });
  writeFileSync(join(folder, 'migrate.json'), JSON.stringify({ database, passwords: {} }));
});
afterEach(async () => {
  for (const child of started.splice(0))
    if (child.exitCode === null && child.kill('SIGKILL')) await once(child, 'exit');
});
after(async () => {
  await postgres.stop();
  rmSync(folder, { recursive: true, force: true });
});

function controlConfig(): z.input<typeof ControlConfig> {
  const roles = (database: string): { runtime: string; reconciler: string } => ({
    runtime: postgres.connect({ role: 'ringfort_runtime', database }),
    reconciler: postgres.connect({ role: 'ringfort_reconciler', database }),
  });
  const { publicKey } = generateKeyPairSync('ed25519');
  return {
    instance: 'test',
    readyFile: join(folder, 'ready'),
    home: folder,
    edgeSocket: join(folder, 'edge.sock'),
    apiSocket: join(folder, 'api.sock'),
    agentSocket: join(folder, 'agent.sock'),
    proberSocket: join(folder, 'prober.sock'),
    injectorSocket: join(folder, 'injector.sock'),
    database: roles('ringfort'),
    throwawayDatabase: roles('ringfort_throwaway'),
    signingKeyFile: join(folder, 'signing.key'),
    proberKey: publicKey.export({ type: 'spki', format: 'der' }).toString('base64'),
    appsDomain: 'localhost',
    platformHostname: 'localhost',
    httpsPort: 443,
    region: 'here',
    edgeIds: ['edge-1'],
    dnsServers: [],
  };
}

/** Runs a program of control to its end and gives what it wrote. */
async function run(program: string): Promise<string> {
  const child = spawn(process.execPath, [join(import.meta.dirname, program), join(folder, 'migrate.json')]);
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  assert.equal(child.exitCode ?? (await once(child, 'exit'))[0], 0, stderr);
  return stdout;
}

/** Starts control and waits until it says that it is ready. */
async function startControl(): Promise<ChildProcess> {
  rmSync(join(folder, 'ready'), { force: true });
  const args = [join(import.meta.dirname, 'main.ts'), join(folder, 'control.json')];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  child.stdout.resume();
  started.push(child);
  const deadlineMs = Date.now() + readyMsMax;
  while (!existsSync(join(folder, 'ready'))) {
    assert.equal(child.exitCode, null, 'control has ended');
    assert.ok(Date.now() < deadlineMs, 'control is not ready in time');
    await delay(50);
  }
  return child;
}

async function ask(path: string, token?: string): Promise<{ readonly status: number; readonly body: string }> {
  const client = new Client('http://api', { socketPath: join(folder, 'api.sock') });
  try {
    const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
    const answer = await client.request({ method: 'GET', path, headers });
    return { status: answer.statusCode, body: await answer.body.text() };
  } finally {
    await client.close();
  }
}

test('migrate.ts, create-administrator.ts and main.ts bring an empty cluster to a served API', async () => {
  assert.match(await run('migrate.ts'), /Applied the migration 0001-foundation\.sql/u);
  assert.equal(await run('migrate.ts'), '', 'the second time there is nothing to do');
  const token = (await run('create-administrator.ts')).trim();
  assert.match(token, /^rf_[\w-]{43}$/u);
  const control = await startControl();
  assert.equal((await ask('/v1/health')).status, 200);
  assert.equal((await ask('/v1/me', token)).status, 200);
  assert.equal(statSync(join(folder, 'api.sock')).mode & 0o777, 0o660);
  control.kill('SIGTERM');
  const beganAtMs = Date.now();
  assert.deepEqual(await once(control, 'exit'), [0, null]);
  assert.ok(Date.now() - beganAtMs < 5_000);
  assert.equal(existsSync(join(folder, 'ready')), false);
});

test('main.ts starts over what a killed one left, also while PostgreSQL is away', async () => {
  const token = (await run('create-administrator.ts')).trim();
  const control = await startControl();
  control.kill('SIGKILL');
  await once(control, 'exit');
  await postgres.restart(async () => {
    await startControl();
    assert.equal((await ask('/v1/me', token)).status, 503);
  });
  const deadlineMs = Date.now() + readyMsMax;
  while ((await ask('/v1/me', token)).status !== 200) {
    assert.ok(Date.now() < deadlineMs, 'control has not come back');
    await delay(100);
  }
});
