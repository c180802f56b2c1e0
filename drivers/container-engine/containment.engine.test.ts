import assert from 'node:assert/strict';
import { after, test } from 'node:test';

import { wait } from '@ringfort/kit/wait.ts';
import { z } from 'zod';

import type { ObservedContainer } from '../driver.ts';
import { testPlan } from '../test-plans.ts';
import { createEngineClient } from './engine-client.ts';
import { startTestDriver } from './test-driver.ts';
import { readLines, runAsApplication, scripted } from './test-script.ts';

const subject = await startTestDriver();
const { driver, site } = subject;
const plan = testPlan(site, 1);

after(async () => {
  await driver.remove(plan.place);
  await subject.close();
});

test('an application has no capability, no way to gain one, and a filter of system calls', async () => {
  const lines = await runAsApplication(driver, plan, 'cat /proc/self/status');
  const status = new Map(lines.map((line) => line.split(/:\s+/)).map(([name = '', value = '']) => [name, value]));
  for (const set of ['CapInh', 'CapPrm', 'CapEff', 'CapBnd', 'CapAmb'])
    assert.equal(status.get(set), '0000000000000000');
  assert.equal(status.get('NoNewPrivs'), '1');
  assert.equal(status.get('Seccomp'), '2');
  assert.match(status.get('Uid') ?? '', /^1000 /);
});

test('an application gets no namespace of its own, in which it would have all capabilities', async () => {
  const kinds = ['--user', '--net', '--mount', '--pid --fork', '--ipc', '--uts', '--cgroup'];
  const script = kinds.map((kind) => `unshare ${kind} id 2>&1 || echo refused ${kind}`).join('\n');
  const lines = await runAsApplication(driver, plan, `${script}\nunshare --help >/dev/null && echo runs`);
  assert.ok(lines.includes('runs'));
  for (const kind of kinds) assert.ok(lines.includes(`refused ${kind}`), kind);
  assert.ok(!lines.some((line) => line.startsWith('uid=')));
});

test('an application writes nowhere but in its temporary folder', async () => {
  const places = [
    '/',
    '/app',
    '/etc',
    '/etc/hosts',
    '/etc/resolv.conf',
    '/usr/bin',
    '/run',
    '/dev',
    '/sys/fs/cgroup',
    '/proc/sys/kernel/hostname',
  ];
  const script = places.map((place) => `{ touch ${place}/x || echo y > ${place}; } 2>/dev/null && echo wrote ${place}`);
  const lines = await runAsApplication(driver, plan, ['touch /tmp/x && echo wrote /tmp', ...script].join('\n'));
  assert.deepEqual(
    lines.filter((line) => line.startsWith('wrote')),
    ['wrote /tmp'],
  );
});

test('an application sees neither the host nor its neighbours', async () => {
  const script = 'cat /etc/hosts /etc/resolv.conf; ls /proc; ls /sys/fs/cgroup/memory; env';
  const lines = await runAsApplication(driver, plan, script);
  assert.ok(lines.includes('127.0.0.1 localhost'));
  assert.ok(lines.includes(`nameserver ${plan.place.gateway}`));
  const telling = lines.filter((line) => /host\.containers\.internal|libpod/.test(line));
  assert.deepEqual(telling, []);
  const processes = lines.filter((line) => /^\d+$/.test(line)).map(Number);
  assert.ok(processes.length > 0 && Math.max(...processes) < 100, 'it has its own process numbers');
});

test('an application cannot take more processes, files or memory than it was given', async () => {
  const script = `
for i in {1..100}; do sleep 3 & done
echo "files: $(ulimit -n)"
dd if=/dev/zero of=/tmp/big bs=1M count=64 2>&1 | (read -r line; echo "disk: $line")`;
  const lines = await runAsApplication(driver, plan, script);
  assert.ok(
    lines.some((line) => /fork: .*Resource temporarily unavailable/.test(line)),
    lines.join('|'),
  );
  assert.ok(lines.includes('files: 1024'));
  assert.ok(
    lines.some((line) => /^disk: .*No space left/.test(line)),
    lines.join('|'),
  );
});

test('an application that takes too much memory is ended, and that is told', async () => {
  const hog = `node -e 'const all = []; for (;;) all.push(Buffer.alloc(1e7, 1));'`;
  const ended = scripted(plan, `exec ${hog}`);
  await driver.apply(ended);
  const found = await untilState('exited');
  assert.deepEqual([found.outOfMemory, found.exitCode], [true, 137]);
});

test('a volume has its own size, survives restarts, and fills nothing but itself', async () => {
  const volume = { kind: 'volume', name: 'files', at: '/files', sizeMiB: 32 } as const;
  const fill = 'dd if=/dev/zero of=/files/big bs=1M count=64 2>&1; ls /files';
  await driver.apply(scripted(plan, fill, { mounts: [volume] }));
  const lines = await readLines(driver, plan, (all) => all.includes('big'));
  assert.ok(lines.some((line) => line.includes('No space left')));
  await driver.apply(scripted(plan, 'ls /files', { mounts: [volume] }));
  assert.ok((await readLines(driver, plan, (all) => all.includes('through'))).includes('big'));
});

test('a secret is in a file of the workload alone, not in what the engine tells of it', async () => {
  await driver.apply(plan);
  const engine = createEngineClient(subject.options.socketPath);
  try {
    const containers = await engine.get(
      { method: 'GET', path: 'containers/json' },
      z.array(z.object({ Id: z.string() })),
    );
    assert.ok(containers.length > 0);
    for (const { Id } of containers) {
      const detail = await engine.get({ method: 'GET', path: `containers/${Id}/json` }, z.unknown());
      assert.ok(!JSON.stringify(detail).includes('hush'));
    }
  } finally {
    await engine.close();
  }
});

async function untilState(state: ObservedContainer['state']): Promise<ObservedContainer> {
  const giveUp = AbortSignal.timeout(30_000);
  for (;;) {
    const places = await driver.observe();
    const all = places.find(({ environmentId }) => environmentId === plan.place.environmentId)?.workloads ?? [];
    const found = all.find((workload) => workload.key.startsWith('component/') && workload.state === state);
    if (found !== undefined) return found;
    assert.ok(!giveUp.aborted, `No application is ${state}`);
    await wait(100);
  }
}
