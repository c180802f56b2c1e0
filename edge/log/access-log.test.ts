import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';

import { createLog } from '@ringfort/kit/log.ts';

import { edgeLimits } from '../limits.ts';
import { AccessLog, type LogWaiter } from './access-log.ts';
import { removeOldestSegments } from './log-segment.ts';

type Scene = { readonly folder: string; readonly log: AccessLog; readonly clock: { now: number } };

function startScene(t: TestContext): Scene {
  t.mock.timers.enable({ apis: ['setInterval'] });
  const folder = join(mkdtempSync(join(tmpdir(), 'ringfort-access-log-')), 'logs');
  const clock = { now: 0 };
  const log = openLog(folder, clock);
  t.after(() => {
    log.close();
    rmSync(join(folder, '..'), { recursive: true });
  });
  return { folder, log, clock };
}

function openLog(folder: string, clock: { now: number }): AccessLog {
  const times = { nowMs: () => clock.now };
  return new AccessLog({
    folder,
    clock: times,
    log: createLog({ program: 'edge', clock: times, write: () => undefined }),
  });
}

function append(log: AccessLog, line: string): Promise<'logged' | 'failed'> {
  return new Promise((resolve) => {
    const waiter: LogWaiter = { logged: () => resolve('logged'), logFailed: () => resolve('failed') };
    log.append(line, waiter);
  });
}

function readLines(folder: string): readonly string[] {
  return readdirSync(folder)
    .toSorted()
    .flatMap((name) => readFileSync(join(folder, name), 'utf8').split('\n').slice(0, -1));
}

test('AccessLog lets a waiter go on only when its line is in the file', async (t) => {
  const { folder, log } = startScene(t);
  let seen: readonly string[] = [];
  await new Promise<void>((resolve) => {
    const logged = (): void => {
      seen = readLines(folder);
      resolve();
    };
    log.append('one', { logged, logFailed: () => undefined });
    log.append('two', { logged: () => undefined, logFailed: () => undefined });
    assert.deepEqual(readdirSync(folder), []);
  });
  assert.deepEqual(seen, ['one', 'two']);
});

test('AccessLog starts a new segment after 64 MiB and after an hour, and closes the old one under its last name', async (t) => {
  const { folder, log, clock } = startScene(t);
  await append(log, 'a'.repeat(edgeLimits.logSegmentBytesMax - 10));
  await append(log, 'b'.repeat(20));
  assert.deepEqual(readdirSync(folder).toSorted(), [
    'access-19700101T000000000Z-1.done.ndjson',
    'access-19700101T000000000Z-2.ndjson',
  ]);
  clock.now = edgeLimits.logSegmentAgeMsMax + 1;
  t.mock.timers.tick(edgeLimits.logRetryMs);
  assert.ok(readdirSync(folder).includes('access-19700101T000000000Z-2.done.ndjson'));
  await append(log, 'c');
  log.close();
  assert.ok(readdirSync(folder).every((name) => name.endsWith('.done.ndjson')));
  assert.equal(readdirSync(folder).length, 3);
});

test('AccessLog refuses to be written to while the disk takes nothing, and catches up afterwards', async (t) => {
  const { folder, log } = startScene(t);
  rmSync(folder, { recursive: true });
  assert.equal(await append(log, 'one'), 'failed');
  assert.equal(log.isWritable, false);
  assert.equal(await append(log, 'two'), 'failed');
  mkdirSync(folder);
  t.mock.timers.tick(edgeLimits.logRetryMs);
  assert.equal(log.isWritable, true);
  assert.equal(await append(log, 'three'), 'logged');
  assert.deepEqual(readLines(folder), ['one', 'two', 'three']);
});

test('AccessLog closes the segment that a killed predecessor left open', (t) => {
  const { folder } = startScene(t);
  writeFileSync(join(folder, 'access-1-1.ndjson'), 'one\ncu');
  const successor = openLog(folder, { now: 5 });
  t.after(() => successor.close());
  assert.deepEqual(readdirSync(folder), ['access-1-1.done.ndjson']);
  assert.equal(readFileSync(join(folder, 'access-1-1.done.ndjson'), 'utf8'), 'one\ncu');
});

test('removeOldestSegments() keeps the newest finished segments within the limit and touches nothing else', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ringfort-log-'));
  for (const [index, name] of ['a.done.ndjson', 'b.done.ndjson', 'c.done.ndjson', 'open.ndjson'].entries()) {
    writeFileSync(join(folder, name), 'x'.repeat(10));
    utimesSync(join(folder, name), index, index);
  }
  assert.deepEqual(removeOldestSegments(folder, 20), ['a.done.ndjson']);
  assert.deepEqual(readdirSync(folder).toSorted(), ['b.done.ndjson', 'c.done.ndjson', 'open.ndjson']);
  rmSync(folder, { recursive: true });
});
