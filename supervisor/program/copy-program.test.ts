import assert from 'node:assert/strict';
import { chmod, mkdir, mkdtemp, readFile, readdir, readlink, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';

import { copyPostgres, copyProgram, removeOldPrograms } from './copy-program.ts';

test('copyProgram() makes a whole copy that everybody reads and runs, however closed the source is', async (t) => {
  const { root, programs } = await makeFolders(t);
  await write(join(root, 'edge', 'main.ts'), 'program');
  await write(join(root, 'node_modules', 'tool', 'bin', 'run'), 'tool');
  await chmod(join(root, 'node_modules', 'tool', 'bin', 'run'), 0o700);
  await write(join(root, 'node_modules', 'tool', 'node_modules', 'inner', 'x'), 'not asked for');
  const packages = [
    { path: 'node_modules/tool', pin: '' },
    { path: 'node_modules/for-another-processor', pin: '' },
  ];
  const copy = await copyProgram({ root, files: ['edge/main.ts'], packages, digest: 'd1' }, programs);
  assert.equal(copy, join(programs, 'd1'));
  assert.equal(await readFile(join(copy, 'edge', 'main.ts'), 'utf8'), 'program');
  const modeOf = async (path: string): Promise<number> => (await stat(join(copy, path))).mode & 0o777;
  assert.equal(await modeOf('edge/main.ts'), 0o644);
  assert.equal(await modeOf('node_modules/tool/bin/run'), 0o755);
  assert.equal(await modeOf('node_modules/tool'), 0o755);
  assert.deepEqual(await readdir(join(copy, 'node_modules', 'tool')), ['bin']);
  assert.equal(await readlink(join(copy, 'node_modules', '@ringfort', 'edge')), '../../edge');
});

test('copyProgram() begins again where it was cut off, and leaves a finished copy alone', async (t) => {
  const { root, programs } = await makeFolders(t);
  await write(join(root, 'kit', 'a.ts'), 'a');
  const source = { root, files: ['kit/a.ts'], packages: [], digest: 'd1' };
  await write(join(programs, 'd1.unfinished', 'kit', 'half.ts'), '');
  const copy = await copyProgram(source, programs);
  assert.deepEqual(await readdir(join(copy, 'kit')), ['a.ts']);
  await write(join(root, 'kit', 'a.ts'), 'changed');
  await copyProgram(source, programs);
  assert.equal(await readFile(join(copy, 'kit', 'a.ts'), 'utf8'), 'a');
});

test('copyPostgres() makes the links between the libraries that npm does not keep', async (t) => {
  const { root, programs } = await makeFolders(t);
  await write(join(root, 'native', 'lib', 'libpq.so.5.18'), 'library');
  const links = [{ source: 'native/lib/libpq.so.5.18', target: 'native/lib/libpq.so.5' }];
  await write(join(root, 'native', 'pg-symlinks.json'), JSON.stringify(links));
  const binaries = await copyPostgres(programs, { folder: root, version: '18' });
  assert.equal(await readlink(join(binaries, '..', 'lib', 'libpq.so.5')), 'libpq.so.5.18');
  const leadingOut = [{ source: 'native/lib/libpq.so.5.18', target: '../../outside' }];
  await write(join(root, 'native', 'pg-symlinks.json'), JSON.stringify(leadingOut));
  await assert.rejects(copyPostgres(programs, { folder: root, version: '19' }), /leads out/);
});

test('removeOldPrograms() keeps the copy in use, Node and PostgreSQL', async (t) => {
  const { programs } = await makeFolders(t);
  for (const name of ['d1', 'd2', 'd3.unfinished', 'node', 'postgres']) await mkdir(join(programs, name));
  await removeOldPrograms(programs, 'd2');
  assert.deepEqual((await readdir(programs)).toSorted(), ['d2', 'node', 'postgres']);
});

type Cleaning = { readonly after: (clean: () => Promise<void>) => void };

async function makeFolders(t: Cleaning): Promise<{ readonly root: string; readonly programs: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'ringfort-copy-'));
  t.after(() => rm(folder, { recursive: true }));
  const [root, programs] = [join(folder, 'root'), join(folder, 'programs')];
  await mkdir(root);
  await mkdir(programs);
  return { root, programs };
}

async function write(path: string, content: string): Promise<void> {
  await mkdir(join(path, '..'), { recursive: true });
  await writeFile(path, content, { mode: 0o600 });
}
