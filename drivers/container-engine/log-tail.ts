import { open, stat, type FileHandle } from 'node:fs/promises';

import { cleanLine } from '../log-line.ts';
import { driverLimits as limits } from '../limits.ts';

/** One line that a container wrote. */
export type ContainerLine = { readonly at: string; readonly stream: 'stdout' | 'stderr'; readonly line: string };

/**
 * Reads a container's log file as it grows, also when conmon begins a new one because the old one is full. The engine's own way to
 * follow a log does not reliably end with the container.
 */
export type LogTail = {
  /** The whole lines since the last call, at most `logReadBytes` of them; none when there is nothing new. */
  readonly read: () => Promise<readonly ContainerLine[]>;
  readonly close: () => Promise<void>;
};

/** Opens the log at `path`, which may not be there yet. Of an older log only the last `logHistoryBytesMax` are read. */
export function openLogTail(path: string): LogTail {
  let file: OpenLog | undefined;
  const close = async (): Promise<void> => {
    const closing = file;
    file = undefined;
    await closing?.handle.close();
  };
  return {
    read: async () => {
      file ??= await openLog(path);
      if (file === undefined) return [];
      const lines = await readOn(file);
      if (lines.length > 0 || !(await isReplaced(file, path))) return lines;
      await close();
      return [];
    },
    close,
  };
}

type OpenLog = {
  readonly handle: FileHandle;
  readonly inode: number;
  position: number;
  /** The beginning of a line whose end is not there yet, and of a long line that conmon wrote in parts. */
  rest: string;
  part: string;
};

async function openLog(path: string): Promise<OpenLog | undefined> {
  const handle = await open(path, 'r').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (handle === undefined) return undefined;
  const { ino, size } = await handle.stat();
  return { handle, inode: ino, position: Math.max(0, size - limits.logHistoryBytesMax), rest: '', part: '' };
}

async function isReplaced({ inode }: OpenLog, path: string): Promise<boolean> {
  const now = await stat(path).catch(() => undefined);
  return now !== undefined && now.ino !== inode;
}

async function readOn(file: OpenLog): Promise<readonly ContainerLine[]> {
  const buffer = Buffer.alloc(limits.logReadBytes);
  const { bytesRead } = await file.handle.read(buffer, 0, buffer.length, file.position);
  file.position += bytesRead;
  const [...lines] = `${file.rest}${buffer.toString('latin1', 0, bytesRead)}`.split('\n');
  file.rest = lines.pop() ?? '';
  return lines.flatMap((line) => parseLine(file, line) ?? []);
}

/** `<time> <stream> <F or P> <text>` (the CRI's log format); P says that the line goes on. Bytes come as Latin-1 and are UTF-8. */
function parseLine(file: OpenLog, line: string): ContainerLine | undefined {
  const [, time = '', stream, tag, text = ''] = /^(\S+) (stdout|stderr) ([FP]) ?(.*)$/s.exec(line) ?? [];
  const at = new Date(time);
  if (Number.isNaN(at.valueOf()) || (stream !== 'stdout' && stream !== 'stderr')) return undefined;
  file.part = `${file.part}${text}`.slice(0, limits.logLineCharactersMax * 4);
  if (tag === 'P') return undefined;
  const whole = Buffer.from(file.part, 'latin1').toString('utf8');
  file.part = '';
  return { at: at.toISOString(), stream, line: cleanLine(whole) };
}
