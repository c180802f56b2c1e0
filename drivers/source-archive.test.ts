import assert from 'node:assert/strict';
import { PassThrough, Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { test } from 'node:test';

import { array, assert as assertProperty, asyncProperty, nat, record } from 'fast-check';
import { extract, type Header } from 'tar-stream';

import type { ArchiveRules } from './archive-entry.ts';
import { copyArchive, type ArchiveSummary } from './source-archive.ts';
import { testArchive, type TestEntry } from './test-archive.ts';

class Refused extends Error {}

const rules: ArchiveRules = {
  entriesMax: 20,
  unpackedBytesMax: 10_000,
  symbolicLinks: 'inside',
  owner: { uid: 1000, gid: 1000 },
  refuse: (reason) => new Refused(reason),
};

test('copyArchive() keeps files, folders and inner links, with one owner and without special bits', async () => {
  const { headers, summary } = await copy([
    { name: './', type: 'directory' },
    { name: './src/', type: 'directory', mode: 0o2755, uid: 0 },
    { name: './src/run', content: 'hello', mode: 0o4711, uid: 0, gid: 0 },
    { name: 'src/link', type: 'symlink', linkname: './run' },
    { name: 'up', type: 'symlink', linkname: 'src/run' },
    { name: 'a/b/up', type: 'symlink', linkname: '../../src' },
  ]);
  assert.deepEqual(
    headers.map(({ name, type, mode, uid, linkname }) => [name, type, mode, uid, linkname]),
    [
      ['src', 'directory', 0o755, 1000, null],
      ['src/run', 'file', 0o711, 1000, null],
      ['src/link', 'symlink', 0o777, 1000, './run'],
      ['up', 'symlink', 0o777, 1000, 'src/run'],
      ['a/b/up', 'symlink', 0o777, 1000, '../../src'],
    ],
  );
  assert.deepEqual(summary, { entries: 6, unpackedBytes: 5 });
});

const hostile: readonly (readonly [string, readonly TestEntry[], RegExp])[] = [
  ['an absolute path', [{ name: '/etc/passwd', content: 'x' }], /absolute/],
  ['a path that leads out', [{ name: 'a/../../x', content: 'x' }], /leads out/],
  ['a hard link', [{ name: 'x', type: 'link', linkname: 'y' }], /hard link/],
  ['a device', [{ name: 'x', type: 'character-device' }], /character device/],
  ['a block device', [{ name: 'x', type: 'block-device' }], /block device/],
  ['a pipe', [{ name: 'x', type: 'fifo' }], /fifo/],
  ['an absolute link', [{ name: 'x', type: 'symlink', linkname: '/etc' }], /leads out/],
  ['a link that leads out', [{ name: 'a/x', type: 'symlink', linkname: '../../etc' }], /leads out/],
  [
    'a link that leads out through another',
    [
      { name: 'd', type: 'symlink', linkname: '.' },
      { name: 'x', type: 'symlink', linkname: 'd/..' },
    ],
    /leads out/,
  ],
  [
    'a path below a link',
    [
      { name: 'd', type: 'symlink', linkname: '.' },
      { name: 'd/x', content: 'x' },
    ],
    /below “d”/,
  ],
  [
    'a path below a file',
    [
      { name: 'd', content: 'x' },
      { name: 'd/x', content: 'x' },
    ],
    /below “d”/,
  ],
  [
    'a link in the place of a folder',
    [
      { name: 'd/x', content: 'x' },
      { name: 'd', type: 'symlink', linkname: '.' },
    ],
    /twice/,
  ],
  [
    'a file that comes twice',
    [
      { name: 'x', content: 'x' },
      { name: './x', content: 'y' },
    ],
    /twice/,
  ],
  ['a path with a line end', [{ name: 'a\nb', content: 'x' }], /control characters/],
  ['a path with an escape', [{ name: 'a\u001B[2Jb', content: 'x' }], /control characters/],
  ['a path with a C1 control', [{ name: 'a\u009Bb', content: 'x' }], /control characters/],
  ['a long path', [{ name: `${'a/'.repeat(600)}x`, content: 'x' }], /too long/],
  ['a long name', [{ name: 'a'.repeat(256), content: 'x' }], /too long/],
  ['a long link', [{ name: 'x', type: 'symlink', linkname: 'a/'.repeat(600) }], /no valid target/],
  [
    'many entries',
    Array.from({ length: 21 }, (_, index) => ({ name: `f${index}`, content: '' })),
    /more than 20 entries/,
  ],
  [
    'too many bytes',
    [
      { name: 'a', content: 'x'.repeat(6_000) },
      { name: 'b', content: 'x'.repeat(6_000) },
    ],
    /larger than 10000/,
  ],
];

for (const [what, entries, reason] of hostile)
  test(`copyArchive() refuses ${what}`, async () => {
    await assert.rejects(copy(entries), (error) => error instanceof Refused && reason.test(error.message));
  });

test('copyArchive() refuses extended headers that would fill the memory', async () => {
  const huge = await testArchive([{ name: 'x', content: 'x', pax: { comment: 'c'.repeat(3 * 1024 * 1024) } }]);
  await assert.rejects(copyBytes(huge), /headers of an entry/);
});

test('copyArchive() refuses an archive with endless padding', async () => {
  const padded = Buffer.concat([await testArchive([{ name: 'x', content: 'x' }]), Buffer.alloc(3 * 1024 * 1024)]);
  await assert.rejects(copyBytes(padded), /what follows the last one/);
});

test('copyArchive() refuses an archive that is cut off', async () => {
  const whole = await testArchive([{ name: 'x', content: 'x'.repeat(5_000) }]);
  await assert.rejects(copyBytes(whole.subarray(0, 2_000)), Refused);
});

test('copyArchive() refuses what is no archive', async () => {
  await assert.rejects(copyBytes(Buffer.alloc(2_048, 'no archive')), /not a whole tar archive/);
});

test('copyArchive() keeps to the top folder when there is one', async () => {
  const inApp = { ...rules, topFolder: 'app', symbolicLinks: 'any' } as const;
  const { headers } = await copy([{ name: 'app/x', type: 'symlink', linkname: '/usr/bin/node' }], inApp);
  assert.equal(headers[0]?.linkname, '/usr/bin/node');
  await assert.rejects(copy([{ name: 'etc/x', content: 'x' }], inApp), /does not lie in “app”/);
});

test('copyArchive() never hangs, crashes or lets a path out on damaged archives', async () => {
  const base = await testArchive([
    { name: 'a/b', content: 'hello' },
    { name: 'l', type: 'symlink', linkname: 'a/b' },
    { name: `long/${'n'.repeat(150)}`, content: 'x' },
  ]);
  const change = record({ at: nat(base.length - 1), byte: nat(255) });
  await assertProperty(
    asyncProperty(array(change, { minLength: 1, maxLength: 8 }), async (changes) => {
      const damaged = Buffer.from(base);
      for (const { at, byte } of changes) damaged[at] = byte;
      const { headers } = await copyBytes(damaged).catch((error: unknown) => {
        if (error instanceof Refused) return { headers: [] };
        throw error;
      });
      for (const { name } of headers) assert.match(name, /^(?!\/)(?!.*(?:^|\/)\.\.(?:\/|$))\P{Cc}+$/u);
    }),
    { numRuns: 200 },
  );
});

async function copy(entries: readonly TestEntry[], withRules = rules): Promise<Copied> {
  return copyBytes(await testArchive(entries), withRules);
}

type Copied = { readonly headers: readonly Header[]; readonly summary: ArchiveSummary };

async function copyBytes(bytes: Buffer, withRules = rules): Promise<Copied> {
  const output = new PassThrough();
  const written = buffer(output).catch(() => Buffer.alloc(0));
  const summary = await copyArchive({ input: Readable.from([bytes]), output, rules: withRules });
  const reader = extract();
  reader.end(await written);
  const headers: Header[] = [];
  for await (const entry of reader) {
    headers.push(entry.header);
    entry.resume();
  }
  return { headers, summary };
}
