import assert from 'node:assert/strict';
import { test } from 'node:test';

import { choosePorts } from './choose-ports.ts';

const nothing = { httpPort: undefined, httpsPort: undefined, mayTakeStandardPorts: true };
const free =
  (...taken: number[]) =>
  (port: number) =>
    Promise.resolve(!taken.includes(port));

test('choosePorts() takes 80 and 443 where both are free and allowed', async () => {
  assert.deepEqual(await choosePorts(nothing, free()), { httpPort: 80, httpsPort: 443 });
  assert.deepEqual(await choosePorts(nothing, free(443)), { httpPort: 8_080, httpsPort: 8_443 });
  const other = { ...nothing, mayTakeStandardPorts: false };
  assert.deepEqual(await choosePorts(other, free()), { httpPort: 8_080, httpsPort: 8_443 });
});

test('choosePorts() goes up pair by pair', async () => {
  assert.deepEqual(await choosePorts(nothing, free(80, 8_080, 8_444)), { httpPort: 8_082, httpsPort: 8_445 });
});

test('choosePorts() keeps to the ports that are asked for', async () => {
  const wanted = { ...nothing, httpsPort: 9_443 };
  assert.deepEqual(await choosePorts(wanted, free(80, 9_443)), { httpPort: 8_080, httpsPort: 9_443 });
  assert.equal(await choosePorts(nothing, () => Promise.resolve(false)), undefined);
});
