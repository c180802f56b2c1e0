import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { wait } from '@ringfort/kit/wait.ts';

import { mustRun } from './run-program.ts';

/** A container engine of a test's own in a temporary folder, with one image that holds Node, a shell and tar. */
export type TestEngine = {
  readonly folder: string;
  readonly socketPath: string;
  readonly image: string;
  readonly close: () => Promise<void>;
};

const image = 'localhost/ringfort-test/node:1';
const programs = [
  'sh',
  'bash',
  'timeout',
  'tar',
  'sleep',
  'cat',
  'ls',
  'id',
  'mkdir',
  'mkfifo',
  'chmod',
  'ln',
  'dd',
  'env',
  'unshare',
  'touch',
];

/** Starts the engine and makes its image from programs of this very host, so that nothing is downloaded. Needs root. */
export async function startTestEngine(): Promise<TestEngine> {
  const folder = await mkdtemp(join(tmpdir(), 'ringfort-engine-'));
  const socketPath = join(folder, 'podman.sock');
  await mkdir(join(folder, 'networks'), { mode: 0o700 });
  const configuration = join(folder, 'containers.conf');
  await writeFile(configuration, engineConfiguration);
  const podman = ['--root', join(folder, 'root'), '--runroot', join(folder, 'run'), '--storage-driver', 'overlay'];
  const all = [...podman, '--network-config-dir', join(folder, 'networks')];
  const service = spawn('podman', [...all, 'system', 'service', '--time=0', `unix://${socketPath}`], {
    env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', CONTAINERS_CONF: configuration },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const exited = once(service, 'exit');
  const run = (...args: string[]): Promise<string> =>
    mustRun(['podman', ...all, ...args], { env: { CONTAINERS_CONF: configuration }, timeoutMs: 120_000 });
  await makeImage(folder, run);
  while (!(await exists(socketPath))) await wait(20);
  return {
    folder,
    socketPath,
    image,
    close: async () => {
      await run('rm', '--all', '--force', '--time', '0');
      await run('network', 'prune', '--force');
      service.kill('SIGTERM');
      await exited;
      await unmountBelow(folder);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const engineConfiguration = `[engine]
conmon_path = ["${join(import.meta.dirname, 'conmon-without-clean-up')}"]
runtime = "runc"
cgroup_manager = "cgroupfs"
events_logger = "file"
[network]
network_backend = "netavark"
`;

async function makeImage(folder: string, run: (...args: string[]) => Promise<string>): Promise<void> {
  const tree = join(folder, 'tree');
  const found = await mustRun(['which', ...programs]);
  const files = new Set([...found.trim().split('\n'), process.execPath]);
  for (const file of Array.from(files)) for (const library of await listLibraries(file)) files.add(library);
  for (const file of files) {
    const to = file === process.execPath ? '/usr/bin/node' : file;
    await mkdir(join(tree, dirname(to)), { recursive: true });
    await cp(file, join(tree, to), { dereference: true });
  }
  for (const empty of ['tmp', 'proc', 'sys', 'dev', 'etc', 'run', 'app', 'data'])
    await mkdir(join(tree, empty), { recursive: true });
  await mustRun(['chown', '1000:1000', join(tree, 'app')]);
  await mustRun(['chmod', '1777', join(tree, 'tmp')]);
  await writeFile(join(tree, 'etc/passwd'), 'root:x:0:0::/:/bin/sh\napp:x:1000:1000::/app:/bin/sh\n');
  if (!(await exists(join(tree, 'bin')))) await symlink('usr/bin', join(tree, 'bin'));
  const archive = join(folder, 'tree.tar');
  await mustRun(['tar', '-C', tree, '-cf', archive, '.']);
  await run('import', '--change', 'ENV=PATH=/usr/bin:/bin:/usr/sbin', archive, image);
  await rm(archive);
  await rm(tree, { recursive: true });
}

/** What a test that failed left mounted must not keep the folder. */
async function unmountBelow(folder: string): Promise<void> {
  const targets = await mustRun(['findmnt', '--list', '--noheadings', '--output', 'TARGET']);
  const below = targets.split('\n').filter((target) => target.startsWith(`${folder}/`));
  for (const target of below.toReversed()) await mustRun(['umount', '--lazy', target]);
}

async function listLibraries(file: string): Promise<readonly string[]> {
  const listing = await mustRun(['ldd', file]);
  return listing.split('\n').flatMap((line) => /(\/\S+) \(0x/.exec(line)?.[1] ?? []);
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
