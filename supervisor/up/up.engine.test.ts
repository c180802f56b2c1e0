import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, readdir, readlink } from 'node:fs/promises';
import { request } from 'node:https';
import { join } from 'node:path';
import { after, test } from 'node:test';

import { readRecord } from '../daemon/program-record.ts';
import { readSupervisionStatus, type ProgramStatus } from '../daemon/supervision-status.ts';
import { until } from '../daemon/test-plan.ts';
import { listMountsBelow } from '../down/unmount-below.ts';
import { pathExists } from '../files/path-exists.ts';
import { instancePaths } from '../instance/instance-paths.ts';
import { InstanceSettings } from '../instance/instance-settings.ts';
import { runCommand } from '../processes/run-command.ts';

const instance = 'uptest';
const paths = instancePaths(instance);
const records = join(paths.run, 'pids');
const main = join(import.meta.dirname, '..', 'main.ts');
const env = { ...process.env, RINGFORT_INSTANCE: instance };
const supervisor = (...args: readonly string[]): Promise<string> =>
  runCommand([process.execPath, main, ...args], { env, timeoutMs: 600_000 });

after(() => supervisor('down', '--purge'));

test('up, killed after each of its steps in turn, goes on where it was and ends with a platform that answers', async () => {
  await supervisor('down', '--purge');
  for (const stepsBefore of [1, 3, 4, 5, 6, 7, 8]) await killUpAfter(stepsBefore);
  await supervisor('up', '--no-demo');
  const { programs } = await getStatus();
  assert.deepEqual([...new Set(programs.map(({ state }) => state))], ['ready']);
  const answer = await ask('/v1/me');
  assert.equal(answer.status, 401);
  assert.match(answer.body, /token-missing/);
});

test('up changes nothing the second time, and takes less than 20 seconds', async () => {
  const before = await pids();
  const startMs = performance.now();
  await supervisor('up', '--no-demo');
  assert.ok(performance.now() - startMs < 20_000);
  assert.deepEqual(await pids(), before);
});

test('every program comes back when it is killed, and disturbs no other', async () => {
  for (const { name, pid } of (await getStatus()).programs) {
    const before = await pids();
    process.kill(pid ?? 0, 'SIGKILL');
    const now = await until(async () => {
      const status = await getStatus();
      const isBack = status.programs.every((program) => program.state === 'ready');
      return isBack && status.programs.some((one) => one.name === name && one.pid !== pid) ? pids() : undefined;
    }, `${name} being back`);
    assert.deepEqual({ ...now, [name]: 0 }, { ...before, [name]: 0 }, name);
  }
});

test('the daemon comes back when it is killed, also after its keeper was, and the programs run on', async () => {
  for (const order of [['daemon'], ['keeper', 'daemon']]) {
    const { keeper: _, ...before } = await pids();
    for (const name of order) {
      const old = await readRecord(records, name);
      process.kill(old?.identity.pid ?? 0, 'SIGKILL');
      await until(async () => {
        const now = await readRecord(records, name);
        return now?.identity.pid !== old?.identity.pid ? true : undefined;
      }, `${name} being back`);
    }
    await until(
      async () => ((await readSupervisionStatus(paths.statusSocket)) === undefined ? undefined : true),
      'status',
    );
    const { keeper: _keeper, ...now } = await pids();
    assert.deepEqual(now, before);
  }
});

test('programs run as users of their own, and of them the edges alone keep a right', async () => {
  const rights = await Promise.all(
    (await getStatus()).programs.map(async ({ name, pid }) => {
      const status = await readFile(`/proc/${pid ?? 0}/status`, 'utf8');
      const field = (title: string): string => new RegExp(`^${title}:\\s+(\\S+)`, 'm').exec(status)?.[1] ?? '';
      return { name, isRoot: field('Uid') === '0', capabilities: field('CapEff'), newPrivileges: field('NoNewPrivs') };
    }),
  );
  const others = rights.filter(({ isRoot }) => !isRoot);
  assert.deepEqual(
    rights.filter(({ isRoot }) => isRoot).map(({ name }) => name),
    ['engine', 'agent', 'injector', 'keeper'],
  );
  const netBindService = (1n << 10n).toString(16).padStart(16, '0');
  for (const { name, capabilities, newPrivileges } of others) {
    assert.equal(capabilities, name.startsWith('edge-') ? netBindService : '0'.repeat(16), name);
    assert.equal(newPrivileges, '1', name);
  }
});

test('down leaves the data and nothing else; down --purge leaves nothing', async () => {
  const settings = InstanceSettings.parse(JSON.parse(await readFile(paths.settingsFile, 'utf8')));
  const token = await readFile(paths.tokenFile, 'utf8');
  await supervisor('down');
  const stem = settings.interfacePrefix.slice(0, -1);
  const links = await runCommand(['ip', '-brief', 'link', 'show']);
  assert.ok(!links.split('\n').some((line) => line.startsWith(stem)), links);
  assert.doesNotMatch(await runCommand(['nft', 'list', 'tables']), new RegExp(stem));
  assert.deepEqual(listMountsBelow(await readFile('/proc/self/mounts', 'utf8'), [paths.home, paths.run]), []);
  assert.deepEqual(await listPrograms(), []);
  assert.equal(await readFile(paths.tokenFile, 'utf8'), token);
  await supervisor('down', '--purge');
  assert.deepEqual([await pathExists(paths.home), await pathExists(paths.run)], [false, false]);
  assert.doesNotMatch(await readFile('/etc/passwd', 'utf8'), /^rf-uptest-/m);
});

/** Runs `up` and kills it as soon as so many steps are done. */
async function killUpAfter(steps: number): Promise<void> {
  const running = spawn(process.execPath, [main, 'up', '--no-demo'], { env, stdio: ['ignore', 'ignore', 'pipe'] });
  const ended = once(running, 'exit');
  let seen = 0;
  running.stderr.setEncoding('utf8').on('data', (text: string) => {
    seen += text.split('✓').length - 1;
    if (seen >= steps) running.kill('SIGKILL');
  });
  await ended;
}

async function getStatus(): Promise<{ readonly programs: readonly ProgramStatus[] }> {
  return until(() => readSupervisionStatus(paths.statusSocket), 'the supervisor answering');
}

async function pids(): Promise<Readonly<Record<string, number | null>>> {
  const { programs } = await getStatus();
  return Object.fromEntries(programs.map(({ name, pid }) => [name, pid]));
}

async function listPrograms(): Promise<readonly string[]> {
  const found: string[] = [];
  for (const entry of await readdir('/proc')) {
    const program = /^\d+$/.test(entry) ? await readlink(`/proc/${entry}/exe`).catch(() => '') : '';
    if (program.startsWith(`${paths.home}/`)) found.push(program);
  }
  return found;
}

async function ask(path: string): Promise<{ readonly status: number | undefined; readonly body: string }> {
  const { httpsPort } = InstanceSettings.parse(JSON.parse(await readFile(paths.settingsFile, 'utf8')));
  const ca = await readFile(paths.authorityFile, 'utf8');
  return new Promise((resolve, reject) => {
    const asking = request({ host: 'localhost', port: httpsPort, path, ca, agent: false }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (text: string) => (body += text));
      response.on('end', () => resolve({ status: response.statusCode, body }));
    });
    asking.on('error', reject);
    asking.end();
  });
}
