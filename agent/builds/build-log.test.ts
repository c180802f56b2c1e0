import assert from 'node:assert/strict';
import { test } from 'node:test';

import { agentLimits as limits } from '../limits.ts';
import { createBuildLog, type BuildLog } from './build-log.ts';

const clock = { nowMs: () => 0 };
const failed = { type: 'failed', code: 'build-failed', reason: 'exit code 1' } as const;

test('createBuildLog() tells everyone everything, whenever they came', async () => {
  const log = createBuildLog(clock);
  log.addLine('one');
  const early = linesOf(log);
  log.addLine('two');
  log.end(failed);
  log.addLine('too late');
  assert.deepEqual(await early, ['one', 'two', 'failed']);
  assert.deepEqual(await linesOf(log), ['one', 'two', 'failed']);
});

test('createBuildLog() cuts followers off when the build did not end', async () => {
  const log = createBuildLog(clock);
  const lines = linesOf(log);
  log.breakOff(new Error('no engine'));
  await assert.rejects(lines, /no engine/);
});

test('createBuildLog() bounds its lines and says so once', async () => {
  const log = createBuildLog(clock);
  for (let index = 0; index < limits.buildLinesMax + 50; index += 1)
    log.addLine('x'.repeat(10_000).slice(0, index === 0 ? 10_000 : 1));
  log.end(failed);
  const lines = await linesOf(log);
  assert.equal(lines.length, limits.buildLinesMax + 2);
  assert.equal(lines[0]?.length, limits.buildLineCharactersMax);
  assert.match(lines.at(-2) ?? '', /too long/);
});

test('createBuildLog() lets a follower go that leaves', async () => {
  const log = createBuildLog(clock);
  const leave = new AbortController();
  const lines = linesOf(log, leave.signal);
  leave.abort();
  assert.deepEqual(await lines, []);
});

async function linesOf(log: BuildLog, signal = new AbortController().signal): Promise<readonly string[]> {
  const lines: string[] = [];
  for await (const event of log.follow(signal)) lines.push(event.type === 'log' ? event.line : event.type);
  return lines;
}
