import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';

import { z } from 'zod';

import { runCommand } from '../processes/run-command.ts';
import { writeImageArchive } from './write-image-archive.ts';

test('writeImageArchive() names each layer by its digest, the lowest first, and the image by its version', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'ringfort-archive-'));
  t.after(() => rm(folder, { recursive: true }));
  const layers = [join(folder, 'below'), join(folder, 'above')];
  for (const layer of layers) await writeFile(layer, layer);
  const digests = layers.map((layer) => createHash('sha256').update(layer).digest('hex'));
  const work = join(folder, 'work');
  await mkdir(work);
  const target = join(folder, 'image.tar');
  const recipe = { name: 'x', tags: ['x', 'y'], config: { User: '1:1' }, folder };
  await writeImageArchive({ recipe, version: 'v1', layers, work, target, architecture: 'amd64', nowMs: 0 });

  const read = async (name: string): Promise<unknown> =>
    JSON.parse(await runCommand(['tar', '--extract', '--to-stdout', '--file', target, name]));
  assert.deepEqual(await read('manifest.json'), [
    {
      Config: 'config.json',
      RepoTags: ['localhost/ringfort/x:v1', 'localhost/ringfort/y:v1'],
      Layers: digests.map((digest) => `${digest}.tar`),
    },
  ]);
  const Config = z.object({ config: z.unknown(), rootfs: z.object({ diff_ids: z.array(z.string()) }) });
  const config = Config.parse(await read('config.json'));
  assert.deepEqual(config.config, { User: '1:1' });
  assert.deepEqual(
    config.rootfs.diff_ids,
    digests.map((digest) => `sha256:${digest}`),
  );
  assert.ok(!(await readdir(folder)).includes('image.tar.unfinished'));
});
