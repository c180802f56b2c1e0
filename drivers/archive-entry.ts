import type { Header } from 'tar-stream';

import { driverLimits as limits } from './limits.ts';

/** What an archive may hold. */
export type ArchiveRules = {
  readonly entriesMax: number;
  readonly unpackedBytesMax: number;
  /** `inside`: symbolic links may only point to places inside the archive. `any`: nobody follows them while unpacking. */
  readonly symbolicLinks: 'inside' | 'any';
  /** The one entry of the top level, when everything has to lie below it. */
  readonly topFolder?: string;
  readonly owner: { readonly uid: number; readonly gid: number };
  /** Makes the error for an archive that is not allowed; the reason is a sentence without its full stop. */
  readonly refuse: (reason: string) => Error;
};

/** The rules with what was seen of the archive so far. */
export type EntryRules = {
  readonly rules: ArchiveRules;
  readonly seen: Map<string, 'file' | 'directory' | 'symlink'>;
  readonly count: (sizeBytes: number) => void;
  readonly entries: () => number;
  readonly unpackedBytes: () => number;
  /** Bytes of the archive that the entries so far take, with their plain headers. */
  readonly archiveBytes: () => number;
};

/** Rules for one archive, of which nothing was seen yet. */
export function createEntryRules(rules: ArchiveRules): EntryRules {
  let entries = 0;
  let unpackedBytes = 0;
  let archiveBytes = 0;
  return {
    rules,
    seen: new Map(),
    count: (sizeBytes) => {
      entries += 1;
      unpackedBytes += sizeBytes;
      archiveBytes += 512 + Math.ceil(sizeBytes / 512) * 512;
    },
    entries: () => entries,
    unpackedBytes: () => unpackedBytes,
    archiveBytes: () => archiveBytes,
  };
}

/**
 * The header to write for an entry, or undefined for the archive's own root. Set-user-id, set-group-id and sticky bits are left out,
 * as are owners, names of owners and extended attributes.
 */
export function acceptEntry(entry: EntryRules, header: Header): CleanHeader | undefined {
  const { rules, seen } = entry;
  const { type } = header;
  if (type !== 'file' && type !== 'directory' && type !== 'symlink')
    throw rules.refuse(
      `${quote(header.name)} is a ${nameOfType(type)}; only files, folders and symbolic links may be in it`,
    );
  const sizeBytes = type === 'file' ? header.size : 0;
  if (!Number.isSafeInteger(header.size) || header.size < 0)
    throw rules.refuse(`${quote(header.name)} has no valid size`);
  entry.count(header.size);
  if (entry.entries() > rules.entriesMax) throw rules.refuse(`It has more than ${rules.entriesMax} entries`);
  if (entry.unpackedBytes() > rules.unpackedBytesMax)
    throw rules.refuse(`Unpacked it is larger than ${rules.unpackedBytesMax} bytes`);
  const segments = checkPath(header.name, rules);
  if (segments.length === 0) {
    if (type === 'directory') return undefined;
    throw rules.refuse(`${quote(header.name)} is no folder`);
  }
  const path = segments.join('/');
  checkPlace(segments, { type, seen, rules });
  const common = {
    name: path,
    uid: rules.owner.uid,
    gid: rules.owner.gid,
    mtime: new Date(header.mtime.valueOf() || 0),
  };
  if (type === 'directory') return { ...common, type, mode: (header.mode & 0o777) | 0o700 };
  if (type === 'file') return { ...common, type, size: sizeBytes, mode: (header.mode & 0o777) | 0o600 };
  return { ...common, type, mode: 0o777, linkname: checkLink(header.linkname, segments, rules) };
}

export type CleanHeader = Pick<Header, 'name' | 'uid' | 'gid' | 'mode' | 'mtime'> &
  (
    | { readonly type: 'directory' }
    | { readonly type: 'file'; readonly size: number }
    | { readonly type: 'symlink'; readonly linkname: string }
  );

/** The path's parts without `.`; refuses what leads out, cannot be shown, or is too long. */
function checkPath(name: string, rules: ArchiveRules): readonly string[] {
  if (name.length > limits.archivePathCharactersMax) throw rules.refuse(`The path ${quote(name)} is too long`);
  if (!isPlainText(name)) throw rules.refuse(`The path ${quote(name)} holds control characters or is not UTF-8`);
  if (name.startsWith('/')) throw rules.refuse(`The path ${quote(name)} is absolute`);
  const segments = name.split('/').filter((segment) => segment !== '' && segment !== '.');
  if (segments.includes('..')) throw rules.refuse(`The path ${quote(name)} leads out of it`);
  if (segments.some((segment) => Buffer.byteLength(segment) > 255))
    throw rules.refuse(`The path ${quote(name)} is too long`);
  if (rules.topFolder !== undefined && segments.length > 0 && segments[0] !== rules.topFolder)
    throw rules.refuse(`The path ${quote(name)} does not lie in ${quote(rules.topFolder)}`);
  return segments;
}

/** Nothing may come twice, and nothing may lie below something that is no folder. */
function checkPlace(segments: readonly string[], { type, seen, rules }: Placed): void {
  const path = segments.join('/');
  for (let depth = 1; depth < segments.length; depth += 1) {
    const above = segments.slice(0, depth).join('/');
    const kind = seen.get(above) ?? 'directory';
    if (kind !== 'directory') throw rules.refuse(`${quote(path)} lies below ${quote(above)}, which is no folder`);
    seen.set(above, kind);
  }
  const before = seen.get(path);
  if (before !== undefined && !(before === 'directory' && type === 'directory'))
    throw rules.refuse(`${quote(path)} is in it twice`);
  seen.set(path, type);
}

type Placed = Pick<EntryRules, 'seen' | 'rules'> & { readonly type: 'file' | 'directory' | 'symlink' };

/**
 * `..` may only stand at the beginning of a target: all folders above a link are real ones, so counting them is exact, and the rest can
 * only lead further down, or through other links that stay inside as well.
 */
function checkLink(target: string, segments: readonly string[], rules: ArchiveRules): string {
  const from = quote(segments.join('/'));
  if (target === '' || target.length > limits.archivePathCharactersMax || !isPlainText(target))
    throw rules.refuse(`The symbolic link ${from} has no valid target`);
  if (rules.symbolicLinks === 'any') return target;
  const parts = target.split('/').filter((part) => part !== '' && part !== '.');
  const climbs = parts.findIndex((part) => part !== '..');
  const leading = climbs === -1 ? parts.length : climbs;
  const leadsOut = target.startsWith('/') || leading > segments.length - 1 || parts.slice(leading).includes('..');
  if (leadsOut) throw rules.refuse(`The symbolic link ${from} to ${quote(target)} leads out of it`);
  return target;
}

/** U+FFFD stands for bytes that were no UTF-8. */
function isPlainText(text: string): boolean {
  return !/[\p{Cc}\u2028\u2029\uFFFD]/u.test(text);
}

function nameOfType(type: Header['type']): string {
  return type === 'link' ? 'hard link' : (type ?? 'thing of unknown kind').replace('-', ' ');
}

function quote(text: string): string {
  return `“${text.replaceAll(/\p{Cc}/gu, '?').slice(0, 200)}”`;
}
