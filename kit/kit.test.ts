import assert from 'node:assert/strict';
import { test } from 'node:test';

import { backOffMs } from './back-off.ts';
import { createLog } from './log.ts';
import { redact } from './redact.ts';
import { uuidv7 } from './uuid.ts';
import { wait } from './wait.ts';

test('uuidv7() carries the time in its first 48 bits and the version and variant of RFC 9562', () => {
  const id = uuidv7(0x0123456789ab, (sizeBytes) => new Uint8Array(sizeBytes).fill(0xff));
  assert.equal(id, '01234567-89ab-7fff-bfff-ffffffffffff');
});

test('backOffMs() grows to its ceiling and never passes it', () => {
  const options = { delayMsMin: 100, delayMsMax: 5_000, random: () => 0.999_999 };
  assert.deepEqual(
    [0, 1, 3, 40].map((attempt) => backOffMs(attempt, options)),
    [100, 199, 799, 4_999],
  );
});

test('redact() hides values under secret-sounding names at any depth and keeps the others', () => {
  assert.deepEqual(redact({ user: 'a', inner: { adminToken: 't', list: [{ password: 'p' }] } }), {
    user: 'a',
    inner: { adminToken: '[redacted]', list: [{ password: '[redacted]' }] },
  });
});

test('createLog() writes one JSON line with the program, the level and the fields of its parents', () => {
  const lines: string[] = [];
  const log = createLog({ program: 'edge', clock: { nowMs: () => 0 }, write: (line) => lines.push(line) });
  log.child({ requestId: 'r' }).warn('Slow', { tookMs: 4 });
  assert.deepEqual(lines, [
    '{"at":"1970-01-01T00:00:00.000Z","level":"warn","program":"edge","message":"Slow","requestId":"r","tookMs":4}\n',
  ]);
});

test('wait() ends at once when its signal is aborted', async () => {
  const stop = new AbortController();
  const waiting = wait(60_000, stop.signal);
  stop.abort();
  await waiting;
  await wait(60_000, stop.signal);
  assert.equal(stop.signal.aborted, true);
});
