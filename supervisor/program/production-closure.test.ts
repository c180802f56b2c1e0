import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Lockfile, productionClosure } from './production-closure.ts';

const lockfile = Lockfile.parse({
  lockfileVersion: 3,
  packages: {
    '': { dependencies: { tool: '1' } },
    edge: { dependencies: { undici: '1', '@ringfort/kit': '1' } },
    control: { dependencies: { fastify: '1' }, optionalDependencies: { native: '1', absent: '1' } },
    'node_modules/@ringfort/kit': { link: true },
    'node_modules/undici': { version: '8.0.0', integrity: 'sha512-u' },
    'node_modules/fastify': { version: '5.0.0', dependencies: { ajv: '8' } },
    'node_modules/fastify/node_modules/ajv': { version: '8.0.0', dependencies: { uri: '1' } },
    'node_modules/ajv': { version: '6.0.0' },
    'node_modules/uri': { version: '1.0.0', dependencies: { fastify: '5' } },
    'node_modules/native': { version: '1.0.0' },
    'node_modules/tool': { version: '1.0.0' },
  },
});

test('productionClosure() walks what the rooms need, nested before hoisted, and leaves out tools and our own rooms', () => {
  assert.deepEqual(
    productionClosure(lockfile, ['edge', 'control']).map(({ path }) => path),
    [
      'node_modules/fastify',
      'node_modules/fastify/node_modules/ajv',
      'node_modules/native',
      'node_modules/undici',
      'node_modules/uri',
    ],
  );
  assert.deepEqual(productionClosure(lockfile, ['edge']), [{ path: 'node_modules/undici', pin: '8.0.0 sha512-u' }]);
});

test('productionClosure() refuses a lockfile that lacks what is needed', () => {
  const broken = Lockfile.parse({ lockfileVersion: 3, packages: { edge: { dependencies: { undici: '1' } } } });
  assert.throws(() => productionClosure(broken, ['edge']), /lacks undici/);
  assert.throws(() => productionClosure(lockfile, ['prober']), /no entry for prober/);
});
