import assert from 'node:assert/strict';
import { test } from 'node:test';

import { createSlots } from './slots.ts';

const never = new AbortController().signal;

test('createSlots() lets only so many run, and the others in their order', async () => {
  const slots = createSlots({ atOnceMax: 1, waitingMax: 2 });
  const order: string[] = [];
  const gate = Promise.withResolvers<void>();
  const first = slots.run(() => gate.promise.then(() => order.push('first')), never);
  assert.equal(slots.isFull(), true);
  const second = slots.run(() => Promise.resolve(order.push('second')), never);
  const third = slots.run(() => Promise.resolve(order.push('third')), never);
  await assert.rejects(
    slots.run(() => Promise.resolve(0), never),
    { code: 'too-many-requests' },
  );
  gate.resolve();
  await Promise.all([first, second, third]);
  assert.deepEqual([order, slots.isFull()], [['first', 'second', 'third'], false]);
});

test('createSlots() gives the place of a cancelled one to the next, and frees it after a failure', async () => {
  const slots = createSlots({ atOnceMax: 1, waitingMax: 2 });
  const stop = new AbortController();
  const gate = Promise.withResolvers<void>();
  const first = slots.run(() => gate.promise, never);
  const cancelled = slots.run(() => Promise.resolve('never'), stop.signal);
  const third = slots.run(() => Promise.resolve('third'), never);
  stop.abort();
  await assert.rejects(cancelled, /cancelled/);
  gate.reject(new Error('failed'));
  await assert.rejects(first, /failed/);
  assert.equal(await third, 'third');
  await assert.rejects(
    slots.run(() => Promise.resolve(0), stop.signal),
    /cancelled/,
  );
});
