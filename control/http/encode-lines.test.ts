import assert from 'node:assert/strict';
import { test } from 'node:test';

import { z } from 'zod';

import { encodeLines } from './encode-lines.ts';

const output = z.object({ n: z.number() });

async function* count(to: number): AsyncGenerator<{ n: number; secret: string }> {
  for (let n = 1; n <= to; n += 1) yield { n, secret: 'x' };
}

async function* never(): AsyncGenerator<{ n: number }> {
  yield { n: 1 };
  await new Promise(() => undefined);
}

const open = { isStillAllowed: async () => true, signal: new AbortController().signal, output };

test('encodeLines() gives one JSON line for each item, with what the contract names alone', async () => {
  assert.deepEqual(await Array.fromAsync(encodeLines(count(2), open)), ['{"n":1}\n', '{"n":2}\n']);
});

test('encodeLines() ends a source that waits when the client has gone', async () => {
  const gone = new AbortController();
  const lines = encodeLines(never(), { ...open, signal: gone.signal });
  assert.equal((await lines.next()).value, '{"n":1}\n');
  const next = lines.next();
  gone.abort();
  assert.equal((await next).done, true);
});

test('encodeLines() ends when the token may no longer read, or that cannot be told', async () => {
  const answers = [async () => false, () => Promise.reject(new Error('The database is away'))];
  for (const isStillAllowed of answers) {
    const lines = encodeLines(never(), { ...open, isStillAllowed, recheckEveryMs: 5 });
    assert.deepEqual(await Array.fromAsync(lines), ['{"n":1}\n']);
  }
});

test('encodeLines() closes its source when the reader stops', async () => {
  let isClosed = false;
  async function* source(): AsyncGenerator<{ n: number }> {
    try {
      for (;;) yield { n: 1 };
    } finally {
      isClosed = true;
    }
  }
  for await (const line of encodeLines(source(), open)) {
    assert.equal(line, '{"n":1}\n');
    break;
  }
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(isClosed, true);
});

test('encodeLines() fails when its source fails', async () => {
  async function* broken(): AsyncGenerator<{ n: number }> {
    yield { n: 1 };
    throw new Error('broken');
  }
  await assert.rejects(Array.fromAsync(encodeLines(broken(), open)), /broken/u);
});
