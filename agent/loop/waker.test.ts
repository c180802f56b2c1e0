import assert from 'node:assert/strict';
import { test } from 'node:test';

import { createWaker } from './waker.ts';

test('createWaker() wakes a sleeper at once, and keeps what happens while nobody sleeps', async () => {
  const waker = createWaker();
  const sleeping = waker.sleep(60_000);
  waker.wake();
  await sleeping;
  waker.wake();
  await waker.sleep(60_000);
  await waker.sleep(1);
});

test('createWaker() lets nobody sleep once it is closed', async () => {
  const waker = createWaker();
  waker.close();
  await waker.sleep(60_000);
  await waker.sleep(60_000);
  assert.equal(waker.isClosed(), true);
});
