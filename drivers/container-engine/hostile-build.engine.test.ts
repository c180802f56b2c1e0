import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { after, before, test } from 'node:test';

import { DeploymentId } from '@ringfort/contracts/identifiers.ts';
import { Problem } from '@ringfort/contracts/problem.ts';

import type { BuildResult } from '../driver.ts';
import { testSource, type TestEntry } from '../test-archive.ts';
import { servicePort, testAddress, testPlan, withWorkloads } from '../test-plans.ts';
import { untilHealthy } from './test-attempts.ts';
import { startTestDriver } from './test-driver.ts';
import { readLines, scripted } from './test-script.ts';

const subject = await startTestDriver();
const { driver, site, options } = subject;
const own = testPlan(site, 1);
const other = testPlan(site, 2);
const listeners: Server[] = [];

before(async () => {
  await driver.apply(own);
  await driver.apply(other);
  await untilHealthy(driver, own);
  await untilHealthy(driver, other);
  await listen('0.0.0.0', 9_997);
  await listen(options.buildProxy.address, options.buildProxy.port);
});

after(async () => {
  for (const server of listeners) server.close();
  for (const plan of [own, other]) await driver.remove(plan.place);
  await subject.close();
});

test('a build reaches the proxy and nothing else', async () => {
  const proxy = `${options.buildProxy.address} ${options.buildProxy.port}`;
  const targets = [
    proxy,
    `${options.buildProxy.address} 9997`,
    `${own.place.gateway} 9997`,
    `${own.place.gateway} 53`,
    `${testAddress(own.place, 'service')} ${servicePort}`,
    `${testAddress(other.place, 'service')} ${servicePort}`,
    '127.0.0.1 9997',
    '169.254.169.254 80',
    '203.0.113.80 443',
  ];
  const attempts = targets.map((target) => `reach ${target}`).join('\n');
  const reach = 'reach() { timeout 1 bash -c "exec 3<>/dev/tcp/$1/$2" 2>/dev/null && echo "reached $1 $2"; }';
  const { lines } = await build(`bash -c '${reach.replaceAll("'", '"')}\n${attempts}\ntrue'`);
  assert.deepEqual(
    lines.filter((line) => line.startsWith('reached')),
    [`reached ${proxy}`],
  );
});

test('a build has no more rights than an application', async () => {
  const { lines } = await build(`
id
cat /proc/self/status
unshare --user id || echo no namespace
for place in / /etc /usr/bin /run; do touch $place/x && echo wrote $place; done
true`);
  assert.ok(
    lines.includes('uid=1000(app) gid=1000(1000) groups=1000(1000)') ||
      lines.some((line) => line.startsWith('uid=1000')),
  );
  assert.ok(lines.includes('CapBnd: 0000000000000000'));
  assert.ok(lines.includes('no namespace'));
  assert.deepEqual(
    lines.filter((line) => line.startsWith('wrote')),
    [],
  );
});

test('an image holds the folder of the application alone, with its owner and without special bits', async () => {
  const { result } = await build(`
echo made > made; chmod 4777 made; mkdir -p sub; ln -s /etc/shadow shadow; ln made twin
touch /tmp/elsewhere $HOME/elsewhere
sleep 1000 &`);
  const image = withWorkloads(own, ({ ref }) => (ref.kind === 'component' ? { image: result.image } : {}));
  const script = scripted(
    image,
    'ls -ln /app; ls -AR /tmp /run 2>/dev/null; cat /app/twin; { echo y > /app/made; } 2>&1',
  );
  await driver.apply(script);
  const lines = await readLines(driver, script, (all) => all.includes('through'));
  assert.ok(
    lines.some((line) => /^-rwxrwxrwx .* 1000 1000 .* made$/.test(line)),
    lines.join('|'),
  );
  assert.ok(lines.includes('made'));
  assert.ok(lines.some((line) => line.endsWith('shadow -> /etc/shadow')));
  assert.ok(!lines.some((line) => line.includes('elsewhere')));
  assert.ok(lines.some((line) => line.includes('Read-only file system')));
  await driver.apply(own);
});

test('a build that leaves something that is no file fails, and says what', async () => {
  await assert.rejects(build('mkfifo pipe'), isProblem('build-failed', /pipe.*is a fifo/));
});

test('a build ends at its deadline and when its disk or memory is full', async () => {
  await assert.rejects(build('sleep 1000', { timeoutMs: 3_000 }), isProblem('build-failed', /did not end within/));
  await assert.rejects(build('dd if=/dev/zero of=big bs=1M count=500'), isProblem('build-failed', /exit code 1/));
  const hog = `node -e 'const all = []; for (;;) all.push(Buffer.alloc(1e7, 1));'`;
  await assert.rejects(build(hog), isProblem('build-failed', /ran out of memory/));
});

test('a build that is cut off leaves nothing that a sweep does not find', async () => {
  const stop = new AbortController();
  const broken = build('echo begun; sleep 1000', { signal: stop.signal, onLine: () => stop.abort() });
  await assert.rejects(broken);
  await driver.sweepBuilds(own.place.environmentId, { keep: [] });
  const observed = (await driver.observe()).find(({ environmentId }) => environmentId === own.place.environmentId);
  assert.deepEqual(
    observed?.workloads.map(({ state }) => state),
    ['running', 'running'],
  );
});

test('output of a build carries no control characters and has an end', async () => {
  const { lines } = await build(String.raw`printf '\033[31mred\033[0m\a\n\033]0;title\007x\n'`);
  assert.deepEqual(lines.slice(0, 2), ['red', 'x']);
});

const hostileSources: readonly (readonly [string, readonly TestEntry[]])[] = [
  ['a path that leads out', [{ name: '../../etc/cron.d/x', content: 'x' }]],
  ['a link that leads out', [{ name: 'x', type: 'symlink', linkname: '/etc/passwd' }]],
  ['a device', [{ name: 'x', type: 'character-device', devmajor: 1, devminor: 1 }]],
];

for (const [what, entries] of hostileSources)
  test(`a source with ${what} is refused before anything runs`, async () => {
    await assert.rejects(build('echo ran', { entries }), isProblem('source-refused', /./));
  });

type BuildChanges = {
  readonly entries?: readonly TestEntry[];
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  readonly onLine?: (line: string) => void;
};

async function build(
  command: string,
  changes: BuildChanges = {},
): Promise<{ readonly result: BuildResult; readonly lines: readonly string[] }> {
  const lines: string[] = [];
  const onLine = (line: string): void => {
    lines.push(line);
    changes.onLine?.(line);
  };
  const result = await driver.build(
    {
      buildId: DeploymentId.parse('01900000-0000-7000-8000-00000000b00b'),
      place: own.place,
      component: 'web',
      address: testAddress(own.place, 'build'),
      proxy: options.buildProxy,
      image: site.image,
      command,
      variables: {},
      certificateBundle: '/etc/ssl/certs/ca-certificates.crt',
      limits: { memoryBytesMax: 256 * 1024 * 1024, cpuMax: 1, processesMax: 64, openFilesMax: 1_024 },
      timeoutMs: changes.timeoutMs ?? 60_000,
      diskBytesMax: 64 * 1024 * 1024,
    },
    {
      source: await testSource(changes.entries ?? [{ name: 'server.js', content: 'one' }]),
      onLine,
      signal: changes.signal ?? new AbortController().signal,
    },
  );
  return { result, lines };
}

function isProblem(code: Problem['code'], detail: RegExp): (error: unknown) => boolean {
  return (error) => error instanceof Problem && error.code === code && detail.test(error.detail);
}

async function listen(address: string, port: number): Promise<void> {
  const server = createServer((socket) => socket.on('error', () => socket.destroy()).end('here')).listen(port, address);
  listeners.push(server);
  await once(server, 'listening');
}
