import assert from 'node:assert/strict';
import { copyFile, mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';

import { z } from 'zod';

import { runCommand } from '../processes/run-command.ts';
import { ensureImages, type EnsureOptions } from './ensure-images.ts';

const runtimes = join(import.meta.dirname, '..', '..', 'runtimes');
const monday = Date.parse('2026-11-16T00:00:00Z');
const weekMs = 7 * 24 * 3_600_000;

test('ensureImages() puts one layer on the other, notes what was deleted and leaves no setuid program', async (t) => {
  const options = await makeOptions(t);
  const archive = (await ensureImages(options)).get('top');
  assert.ok(archive);
  const extract = (args: readonly string[], input?: string): Promise<string> =>
    runCommand(
      ['tar', '--extract', '--to-stdout', '--file', archive.path, ...args],
      input === undefined ? {} : { input },
    );
  const Manifest = z.array(z.object({ Layers: z.array(z.string()), RepoTags: z.array(z.string()) }));
  const [image] = Manifest.parse(JSON.parse(await extract(['manifest.json'])));
  assert.deepEqual(image?.RepoTags, [`localhost/ringfort/top:${archive.version}`]);
  assert.equal(image.Layers.length, 2);
  const folder = await mkdtemp(join(tmpdir(), 'ringfort-layer-'));
  t.after(() => rm(folder, { recursive: true }));
  await runCommand(['tar', '--extract', '--file', archive.path, '--directory', folder]);
  await runCommand(['tar', '--extract', '--file', join(folder, image.Layers[1] ?? ''), '--directory', folder]);
  assert.deepEqual((await readdir(join(folder, 'etc'))).toSorted(), ['.wh.gone', 'added']);
  assert.equal((await stat(join(folder, 'bin', 'mighty'))).mode & 0o7777, 0o755);
});

test('ensureImages() makes each image once a week, and all that stand on a recipe when it changes', async (t) => {
  const options = await makeOptions(t);
  const first = await ensureImages(options);
  const made = await inodesOf(options.cacheFolder);
  assert.deepEqual(await ensureImages(options), first);
  assert.deepEqual(await inodesOf(options.cacheFolder), made);
  const next = await ensureImages({ ...options, nowMs: monday + weekMs });
  assert.notEqual(next.get('top')?.version, first.get('top')?.version);
  await writeRecipe(options.runtimesFolder, 'base', {
    suite: 'none',
    script: 'mkdir "$1/etc" "$1/bin"; touch "$1/etc/gone" "$1/etc/new"',
  });
  const changed = await ensureImages(options);
  assert.notEqual(changed.get('top')?.version, first.get('top')?.version);
});

test('ensureImages() falls back on an older image of the same recipe, and says so, when a new one cannot be made', async (t) => {
  const options = await makeOptions(t);
  const network = join(options.runtimesFolder, 'network');
  await writeFile(network, '');
  await writeRecipe(options.runtimesFolder, 'top', { from: 'base', script: `test -e ${network}` });
  const first = await ensureImages(options);
  await rm(network);
  const older: string[] = [];
  const next = { ...options, nowMs: monday + weekMs, onOlder: (archive: { name: string }) => older.push(archive.name) };
  assert.deepEqual((await ensureImages(next)).get('top'), first.get('top'));
  assert.deepEqual(older, ['top']);
});

test('ensureImages() leaves no half-made image when its recipe fails or it is cut off', async (t) => {
  const options = await makeOptions(t);
  await writeRecipe(options.runtimesFolder, 'top', { from: 'base', script: 'echo "no such package" >&2; exit 1' });
  await assert.rejects(ensureImages(options), /The image top could not be made.*no such package/s);
  assert.ok(!(await readdir(options.cacheFolder)).some((name) => /^top-.*\.tar$/.test(name)));
  await writeRecipe(options.runtimesFolder, 'top', { from: 'base', script: 'touch "$1/etc/added"' });
  assert.ok((await ensureImages(options)).has('top'));
});

async function makeOptions(t: TestContext): Promise<EnsureOptions> {
  const folder = await mkdtemp(join(tmpdir(), 'ringfort-images-'));
  t.after(() => rm(folder, { recursive: true }));
  const runtimesFolder = join(folder, 'runtimes');
  await mkdir(runtimesFolder);
  await copyFile(join(runtimes, 'make-layer.sh'), join(runtimesFolder, 'make-layer.sh'));
  await writeRecipe(runtimesFolder, 'base', { suite: 'none', script: 'mkdir "$1/etc" "$1/bin"; touch "$1/etc/gone"' });
  const script = 'rm "$1/etc/gone"; touch "$1/etc/added" "$1/bin/mighty"; chmod 4755 "$1/bin/mighty"';
  await writeRecipe(runtimesFolder, 'top', { from: 'base', script });
  const certificateBundle = join(folder, 'bundle.pem');
  await writeFile(certificateBundle, '');
  return {
    runtimesFolder,
    cacheFolder: join(folder, 'cache', 'images'),
    sources: { certificateBundle, nodeBinary: process.execPath, env: { PATH: process.env['PATH'] } },
    mirrors: { mirror: 'http://mirror.invalid/debian', securityMirror: 'http://mirror.invalid/security' },
    architecture: 'amd64',
    nowMs: monday,
    onLine: () => undefined,
    onOlder: () => assert.fail('An older image was used'),
  };
}

type TestRecipe = { readonly suite?: string; readonly from?: string; readonly script: string };

async function writeRecipe(folder: string, name: string, { script, ...from }: TestRecipe): Promise<void> {
  await mkdir(join(folder, name), { recursive: true });
  const recipe = { name, ...from, tags: [name], config: { User: '1:1' } };
  await writeFile(join(folder, name, 'recipe.json'), JSON.stringify(recipe));
  await writeFile(join(folder, name, 'make.sh'), `set -e\n${script}\n`);
}

async function inodesOf(folder: string): Promise<readonly number[]> {
  return Promise.all((await readdir(folder)).map(async (name) => (await stat(join(folder, name))).ino));
}
