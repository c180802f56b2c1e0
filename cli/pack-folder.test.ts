import assert from 'node:assert/strict';
import { createReadStream } from 'node:fs';
import { chmod, link, mkdir, mkdtemp, readdir, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { createGunzip } from 'node:zlib';

import { Problem } from '@ringfort/contracts/problem.ts';
import { extract } from 'tar-stream';

import { packFolder } from './pack-folder.ts';

test('packFolder() gives the same bytes for the same content, whatever the order, the times and the owner’s umask', async () => {
  await using one = await folder({ 'b.txt': 'b', 'a/c.txt': 'c', 'a/d.txt': 'd' });
  await using other = await folder({ 'a/d.txt': 'd', 'a/c.txt': 'c', 'b.txt': 'b' });
  await utimes(join(other.path, 'b.txt'), 1, 1);
  await chmod(join(other.path, 'a/c.txt'), 0o600);
  const [first, second] = [await packFolder(one.path), await packFolder(other.path)];
  assert.equal(first.sourceDigest, second.sourceDigest);
  await Promise.all([first.discard(), second.discard()]);
});

test('packFolder() keeps files, folders, inner links and who may run what, and nothing that is left out', async () => {
  await using source = await folder({
    'package.json': '{}',
    'bin/run': '#!/bin/sh',
    'node_modules/x/index.js': '',
    '.git/config': '',
    'secret.env': 'x',
    '.ringfortignore': '*.env',
    'empty.txt': '',
    [`${'long/'.repeat(40)}name.txt`]: 'deep',
  });
  await chmod(join(source.path, 'bin/run'), 0o700);
  await symlink('bin/run', join(source.path, 'start'));
  const packed = await packFolder(source.path);
  const entries = await list(packed.file);
  await packed.discard();
  const shown = entries
    .filter(({ name }) => !name.startsWith('long'))
    .map(({ name, type, mode }) => [name, type, mode]);
  assert.deepEqual(shown, [
    ['.ringfortignore', 'file', 0o644],
    ['bin', 'directory', 0o755],
    ['bin/run', 'file', 0o755],
    ['empty.txt', 'file', 0o644],
    ['package.json', 'file', 0o644],
    ['start', 'symlink', 0o777],
  ]);
  assert.equal(entries.find(({ name }) => name.endsWith('name.txt'))?.content, 'deep');
  assert.ok(entries.every(({ uid, gid, mtimeMs }) => uid === 0 && gid === 0 && mtimeMs === 0));
});

test('packFolder() packs a file larger than its buffers, byte for byte', async () => {
  const content = 'ringfort'.repeat(500_000);
  await using source = await folder({ 'large.bin': content });
  const packed = await packFolder(source.path);
  const entries = await list(packed.file);
  await packed.discard();
  assert.equal(entries[0]?.content, content);
});

test('packFolder() packs a hard link as a file of its own', async () => {
  await using source = await folder({ 'a.txt': 'same' });
  await link(join(source.path, 'a.txt'), join(source.path, 'b.txt'));
  const packed = await packFolder(source.path);
  const entries = await list(packed.file);
  await packed.discard();
  assert.deepEqual(
    entries.map(({ type, content }) => [type, content]),
    [
      ['file', 'same'],
      ['file', 'same'],
    ],
  );
});

for (const [what, target] of [
  ['absolute', '/etc/passwd'],
  ['relative', '../outside'],
  ['hidden', 'sub/../../outside'],
] as const)
  test(`packFolder() refuses an ${what} link that leads out and names it`, async () => {
    await using source = await folder({ 'sub/file.txt': '' });
    await symlink(target, join(source.path, 'sneaky'));
    await refuses(source.path, /^sneaky is a link that leads out of the folder/);
  });

test('packFolder() refuses a link that leads out over another link', async () => {
  await using source = await folder({ 'a/file.txt': '', 'd/e/file.txt': '' });
  await symlink('../../a', join(source.path, 'd/e/up'));
  // Read as text it stays inside; followed, it goes to the folder above.
  await symlink('d/e/up/../..', join(source.path, 'sneaky'));
  await refuses(source.path, /^sneaky is a link that leads out/);
});

test('packFolder() refuses sockets', async () => {
  await using source = await folder({ 'a.txt': '' });
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(join(source.path, 'x.sock'), resolve));
  await refuses(source.path, /^x\.sock is a device, a socket or a pipe/);
  server.close();
});

test('packFolder() leaves nothing behind, neither when it fails nor after discard()', async () => {
  await using temporary = await folder({});
  await using source = await folder({ 'a.txt': '' });
  const usual = process.env['TMPDIR'];
  process.env['TMPDIR'] = temporary.path;
  try {
    await (await packFolder(source.path)).discard();
    await symlink('/etc', join(source.path, 'etc'));
    await refuses(source.path, /etc/);
  } finally {
    if (usual === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = usual;
  }
  assert.deepEqual(await readdir(temporary.path), []);
});

async function refuses(path: string, detail: RegExp): Promise<void> {
  await assert.rejects(
    packFolder(path),
    (error) => error instanceof Problem && error.code === 'source-refused' && detail.test(error.detail),
  );
}

async function folder(files: Readonly<Record<string, string>>): Promise<AsyncDisposable & { readonly path: string }> {
  const path = await mkdtemp(join(tmpdir(), 'ringfort-test-'));
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(path, name)), { recursive: true });
    await writeFile(join(path, name), content);
  }
  return { path, [Symbol.asyncDispose]: async () => rm(path, { recursive: true }) };
}

type Listed = {
  readonly name: string;
  readonly type: string;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly mtimeMs: number;
  readonly content: string;
};

async function list(file: string): Promise<readonly Listed[]> {
  const entries: Listed[] = [];
  const reader = extract();
  createReadStream(file)
    .pipe(createGunzip())
    .on('data', (chunk: Buffer) => reader.write(chunk))
    .on('end', () => reader.end(null));
  for await (const entry of reader) {
    const { name, type, mode, uid, gid, mtime } = entry.header;
    let content = '';
    for await (const chunk of entry) content += String(chunk);
    entries.push({ name, type, mode, uid, gid, mtimeMs: mtime.getTime(), content });
  }
  return entries;
}
