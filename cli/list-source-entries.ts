import type { Stats } from 'node:fs';
import { lstat, readdir, readlink, realpath } from 'node:fs/promises';
import { dirname, isAbsolute, join, normalize, sep } from 'node:path';

import { Problem } from '@ringfort/contracts/problem.ts';

import type { IsIgnored } from './ignore-rules.ts';
import { limits } from './limits.ts';

/** One thing to pack. `path` is relative, with `/`. */
export type SourceEntry =
  | { readonly kind: 'file'; readonly path: string; readonly isExecutable: boolean; readonly sizeBytes: number }
  | { readonly kind: 'folder'; readonly path: string }
  | { readonly kind: 'link'; readonly path: string; readonly target: string };

/**
 * Lists what of a folder is packed, in an order that depends on the names alone. Links that lead out, devices, sockets and more than the limits
 * allow are refused with `source-refused`, which names the entry.
 */
export async function listSourceEntries(folder: string, isIgnored: IsIgnored): Promise<readonly SourceEntry[]> {
  const entries: SourceEntry[] = [];
  let sizeBytes = 0;
  for await (const entry of walk({ folder, real: await realpath(folder), isIgnored }, '')) {
    entries.push(entry);
    if (entry.kind === 'file') sizeBytes += entry.sizeBytes;
    if (entries.length > limits.sourceEntriesMax)
      throw refused(
        entry.path,
        `comes after ${limits.sourceEntriesMax.toLocaleString('en')} others, which is the limit`,
      );
    if (sizeBytes > limits.sourceUnpackedBytesMax)
      throw refused(entry.path, `makes the folder larger than ${limits.sourceUnpackedBytesMax / 2 ** 20} MiB`);
  }
  return entries;
}

type Walk = { readonly folder: string; readonly real: string; readonly isIgnored: IsIgnored };

async function* walk(context: Walk, below: string): AsyncGenerator<SourceEntry> {
  const names = await readdir(join(context.folder, below));
  for (const name of names.toSorted(byBytes)) {
    const path = below === '' ? name : `${below}/${name}`;
    const stats = await lookAt(context.folder, path);
    if (context.isIgnored(path, stats.isDirectory() ? 'folder' : 'other')) continue;
    yield await toEntry(context, path, stats);
    if (stats.isDirectory()) yield* walk(context, path);
  }
}

async function toEntry(context: Walk, path: string, stats: Stats): Promise<SourceEntry> {
  if (stats.isDirectory()) return { kind: 'folder', path };
  if (stats.isFile()) return { kind: 'file', path, isExecutable: (stats.mode & 0o100) !== 0, sizeBytes: stats.size };
  if (stats.isSymbolicLink()) return { kind: 'link', path, target: await linkTarget(context, path) };
  throw refused(path, 'is a device, a socket or a pipe');
}

async function linkTarget(context: Walk, path: string): Promise<string> {
  const target = await readlink(join(context.folder, path));
  const reached = normalize(join(dirname(path), target));
  if (isAbsolute(target) || reached === '..' || reached.startsWith(`..${sep}`))
    throw refused(path, `is a link that leads out of the folder, to ${target}`);
  // A link over another link can lead out although its text does not.
  const real = await realpath(join(context.folder, path)).catch(() => undefined);
  if (real !== undefined && real !== context.real && !real.startsWith(context.real + sep))
    throw refused(path, `is a link that leads out of the folder, to ${real}`);
  return target;
}

async function lookAt(folder: string, path: string): Promise<Stats> {
  if (path.includes('\u{fffd}')) throw refused(path, 'has a name that is not UTF-8');
  if (Buffer.byteLength(path) > limits.sourcePathBytesMax) throw refused(path, 'has a path that is too long');
  try {
    return await lstat(join(folder, path));
  } catch (error) {
    throw new Problem('source-refused', `${path} cannot be read.`, { cause: error });
  }
}

/** The problem of an entry that may not be packed. */
export function refused(path: string, why: string): Problem {
  return new Problem('source-refused', `${path} ${why}. Remove it, or leave it out with .ringfortignore.`);
}

function byBytes(one: string, other: string): number {
  return Buffer.compare(Buffer.from(one), Buffer.from(other));
}
