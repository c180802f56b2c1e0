import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { test } from 'node:test';

import { limitBytes } from './limit-bytes.ts';

test('limitBytes() passes up to its limit and fails one byte later', async () => {
  const exact = limitBytes(Readable.from([Buffer.alloc(6), Buffer.alloc(4)]), 10);
  assert.equal((await buffer(exact)).length, 10);
  const over = limitBytes(Readable.from([Buffer.alloc(6), Buffer.alloc(5)]), 10);
  await assert.rejects(buffer(over), { code: 'body-too-large' });
});

test('limitBytes() fails when its source breaks off, rather than looking complete', async () => {
  const source = new Readable({ read: () => undefined });
  const limited = limitBytes(source, 10);
  source.push(Buffer.alloc(1));
  const read = buffer(limited);
  source.destroy();
  await assert.rejects(read, /went away/u);
});
